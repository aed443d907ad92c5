"""The kinds of values that tsgen.toml has; each check names the key, what came and what to change."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, get_args

from packaging.version import InvalidVersion, Version

from tsgen.errors import ConfigError
from tsgen.types import PLATFORMS, BuildType, CompileCache, Device, Method

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCELERATOR = re.compile(r"cpu|cu\d{2,3}|rocm\d+(\.\d+)+", re.ASCII)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "build_type": get_args(BuildType),
    "compile_cache": get_args(CompileCache),
    "device": get_args(Device),
    "platform": PLATFORMS,
    "platforms": PLATFORMS,
}


def suggestion(word: str, known: Any) -> str:
    """A `did you mean` sentence, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def expect(value: Any, kind: type, key: str, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        words = {int: "a whole number", str: "a string", list: "a list of strings", dict: "a table"}
        words[bool] = "true or false"
        raise ConfigError(f"{where}: `{key}` must be {words[kind]}, not {value!r}", hint=f"correct `{key}`")
    return value


def choice(key: str, value: str, choices: tuple[str, ...], where: str) -> str:
    if value not in choices:
        allowed = " | ".join(choices)
        raise ConfigError(
            f"{where}: `{key}` must be {allowed}, not `{value}`", hint=suggestion(value, choices) or allowed
        )
    return value


def torch_version(value: str, where: str) -> str:
    """With three numbers, `2.14.1`. Raises ConfigError for no version, and for one that names an accelerator too."""
    try:
        version = Version(value)
    except InvalidVersion:
        raise ConfigError(
            f"{where}: `torch_version` must be a version, not `{value}`", hint="name one such as 2.14.1"
        ) from None
    if version.local:
        raise ConfigError(
            f"{where}: `torch_version` must be a public version, not `{value}`",
            hint=f"torch_version {version.public}, accelerator {version.local}",
        )
    return f"{version}.0" if len(version.release) == len(("2", "14")) else str(version)


def accelerator(value: str, where: str) -> str:
    """Raises ConfigError for a word that names none."""
    if not _ACCELERATOR.fullmatch(value):
        cuda = '; for any CUDA say `device = "cuda"`' if value == "cuda" else ""
        raise ConfigError(
            f"{where}: `accelerator` must be cpu, a CUDA such as cu130 or a ROCm such as rocm7.2, not `{value}`",
            hint=f"leave it out to take the one that the device needs{cuda}",
        )
    return value


def word(key: str, value: str, where: str) -> str:
    """Raises ConfigError for a word that `key` does not take."""
    if key in CHOICES:
        return choice(key, value, CHOICES[key], where)
    if key == "torch_version" and value:
        return torch_version(value, where)
    if key == "accelerator" and value:
        return accelerator(value, where)
    return value


def strings(key: str, value: Any, where: str) -> tuple[str, ...]:
    items = list(value) if isinstance(value, tuple) else expect(value, list, key, where)
    words = (expect(item, str, key, where) for item in items)
    return tuple(word(key, each, where) for each in words) if key in CHOICES else tuple(words)
