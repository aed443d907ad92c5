"""The kinds of values that tsgen.toml has; each check names the key, what came and what to change."""

from __future__ import annotations

import os
import re
import reprlib
from typing import TYPE_CHECKING, Any, get_args

from packaging.version import InvalidVersion, Version

from tsgen.errors import ConfigError
from tsgen.types import PLATFORMS, BuildType, CompileCache, Device, Method, RuntimeName, Tune

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCELERATOR = re.compile(r"cpu|cu\d{2,3}|rocm\d+(\.\d+)+", re.ASCII)
PLACES = frozenset({"model", "weights", "preprocess", "op_libraries", "libtorch", "python"})
"""The keys whose words may name a file or a folder."""
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 100
_LONGEST_NAME, _LONGEST_PATH = 255, 4095
"""In bytes; of the file systems in use, and of Linux, whose paths are the longest."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "tune": get_args(Tune),
    "runtime": get_args(RuntimeName),
    "build_type": get_args(BuildType),
    "compile_cache": get_args(CompileCache),
    "device": get_args(Device),
    "platform": PLATFORMS,
    "platforms": PLATFORMS,
}


def suggestion(word: str, known: Any) -> str:
    """A `did you mean` sentence, or nothing."""
    import difflib  # noqa: PLC0415 - only for who mistyped

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def expect(value: Any, kind: type, key: str, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        words = {int: "a whole number", str: "a string", list: "a list of strings", dict: "a table"}
        words[bool] = "true or false"
        raise ConfigError(f"{where}: `{key}` must be {words[kind]}, not {_SHORT.repr(value)}", hint=f"correct `{key}`")
    return value


def choice(key: str, value: str, choices: tuple[str, ...], where: str) -> str:
    if value not in choices:
        allowed = " | ".join(choices)
        raise ConfigError(
            f"{where}: `{key}` must be {allowed}, not `{value}`", hint=suggestion(value, choices) or allowed
        )
    return value


def torch_version(value: str, where: str) -> str:
    """The version with three numbers, `2.14.1`. Raises ConfigError for no version, and for one with an accelerator."""
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


def seed(value: Any, where: str) -> int:
    """Raises ConfigError for what torch.manual_seed does not take."""
    number: int = expect(value, int, "seed", where)
    if not -(2**63) <= number < 2**64:
        raise ConfigError(
            f"{where}: `seed` must be a number of 64 bits, not one of {number.bit_length()}",
            hint="take a smaller one; the default is 0",
        )
    return number


def place(key: str, value: str, where: str) -> str:
    """Raises ConfigError for what cannot be a file's name on any system."""
    longest = max(len(os.fsencode(part)) for part in re.split(r"[/\\]", value))
    if longest > _LONGEST_NAME or len(value) > _LONGEST_PATH or "\0" in value:
        what = "a NUL in it" if "\0" in value else f"{len(value)} characters, more than a path can have"
        raise ConfigError(f"{where}: `{key}` begins with `{value[:20]}` and has {what}", hint=f"correct `{key}`")
    return value


def word(key: str, value: str, where: str) -> str:
    """Raises ConfigError for a word that `key` does not take."""
    if key in PLACES:
        return place(key, value, where)
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
    return tuple(word(key, each, where) for each in words) if key in {*CHOICES, *PLACES} else tuple(words)
