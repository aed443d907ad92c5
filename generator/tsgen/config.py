"""tsgen.toml <-> Config: defaults < tsgen.toml < this machine's choices < TSGEN_* < command line.

The field names of Config are the words of the command line, of tsgen.toml and of the template's cookiecutter.json.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import tomlkit
from packaging.version import InvalidVersion, Version
from tomlkit.exceptions import TOMLKitError

from tsgen.errors import ConfigError
from tsgen.types import PLATFORMS, BuildType, Device, Method, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "tsgen.toml"
_ACCELERATOR = re.compile(r"cpu|cu\d{2,3}|rocm\d+(\.\d+)+", re.ASCII)

# Used only where the demand cannot be zero difference: another LibTorch version, another CPU, more threads.
# The 16-bit figures are two units in the last place; the rest leave room for another order of summation
# in a deep network.
DEFAULT_TOLERANCES: Mapping[str, Tolerance] = {
    "float64": Tolerance(rtol=1e-7, atol=1e-9),
    "float32": Tolerance(rtol=1e-4, atol=1e-5),
    "float16": Tolerance(rtol=2e-3, atol=1e-3),
    "bfloat16": Tolerance(rtol=1.6e-2, atol=1e-2),
    "complex64": Tolerance(rtol=1e-4, atol=1e-5),
    "complex128": Tolerance(rtol=1e-7, atol=1e-9),
}


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the user wants, from all sources."""

    name: str
    model: str
    model_args: tuple[str, ...] = ()
    """`K=V` for the factory's parameters; V is JSON, or else a string."""
    weights: str = "none"
    """`none`, `DEFAULT` (torchvision's), or a file; relative to the project."""
    inputs: tuple[str, ...] = ()
    """`[NAME=]SHAPE[:DTYPE]`."""
    method: Method = "auto"
    seed: int = 0
    livened: bool = False
    """Give the model random weights under which its answer depends on its input."""
    unsafe_pickle: bool = False
    """Unpickle the weights file whole, which runs whatever code it holds."""
    preprocess: str = ""
    """`weights`, `imagenet`, `timm` or `file.py:transform`: baked into the artifact, which then takes images."""
    op_libraries: tuple[str, ...] = ()
    """Shared libraries that register operators; relative to the project."""
    device: Device = "cpu"
    """With `cuda` the program is proven on both devices, as far as this machine has them."""
    libtorch: str = "auto"
    """A provider's name, or the folder of a LibTorch."""
    torch_version: str = ""
    """Of the LibTorch; empty: the one that exports the model."""
    accelerator: str = ""
    """`cpu`, `cu130`, `rocm7.2`; empty: by the device."""
    older_libtorch: bool = False
    """Accept a LibTorch older than the torch that exported the model."""
    platforms: tuple[str, ...] = ()
    """Further platforms whose LibTorch tsgen.lock pins."""
    build_type: BuildType = "release"
    tolerance: Mapping[str, Tolerance] = field(default_factory=lambda: DEFAULT_TOLERANCES)
    python: str | None = None
    """The interpreter that has the model's torch; a choice of this machine, never in tsgen.toml."""
    offline: bool = False
    """Ask no index and no server in this run."""
    locked: bool = False
    """Refuse, in this run, to differ from tsgen.lock."""


RUN_ONLY = ("python", "offline", "locked")
"""The fields that tsgen.toml does not have."""
_KEYS = tuple(item.name for item in fields(Config) if item.name not in RUN_ONLY)
_KINDS: Mapping[str, type] = {"seed": int, "livened": bool, "unsafe_pickle": bool, "older_libtorch": bool}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "build_type": get_args(BuildType),
    "device": get_args(Device),
}


def load(root: Path, *overlays: Mapping[str, Any]) -> Config:
    """Read the project's tsgen.toml and lay `overlays` over it, the last one on top; None in an overlay means unset.

    Raises ConfigError for a folder that is no project, bad TOML, an unknown key or a value of the wrong kind.
    """
    path = root / FILE_NAME
    if not path.is_file():
        raise ConfigError(
            f"{root} is not a tsgen project: it has no {FILE_NAME}",
            hint="name the project's folder, or make one with `tsgen new NAME --model MODEL`",
        )
    try:
        table: dict[str, Any] = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", hint="mend the line it names") from error
    check_keys(table, str(path))
    for overlay in overlays:
        table.update({key: value for key, value in overlay.items() if value is not None})
    return from_table(table, where=str(path))


def from_table(table: Mapping[str, Any], *, where: str) -> Config:
    """Check each key and value of `table`; `where` names its source in the errors."""
    run = {key: value for key, value in table.items() if key in RUN_ONLY}
    words = {key: value for key, value in table.items() if key not in RUN_ONLY}
    check_keys(words, where)
    values = {key: _value(key, value, where) for key, value in words.items()}
    if missing := [key for key in ("name", "model") if not values.get(key)]:
        raise ConfigError(f"{where}: `{missing[0]}` is missing", hint=f'add a line such as `{missing[0]} = "resnet18"`')
    config = replace(Config(**values), **run)
    if config.device == "cuda" and config.accelerator == "cpu":
        raise ConfigError(
            "`device` is `cuda` but `accelerator` is `cpu`",
            hint="leave out one of the two, on the command line or in tsgen.toml, or name a CUDA",
        )
    return config


def suggestion(word: str, known: Any) -> str:
    """A `did you mean` sentence, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def check_keys(table: Mapping[str, Any], where: str) -> None:
    """Raises ConfigError for a key that tsgen.toml does not have."""
    for key in table:
        if key not in _KEYS:
            known = f"the keys are {', '.join(_KEYS)}"
            raise ConfigError(f"{where}: unknown key `{key}`", hint=suggestion(key, _KEYS) or known)


def _value(key: str, value: Any, where: str) -> Any:
    if key == "tolerance":
        return _tolerances(value, where)
    if key in {"inputs", "model_args", "op_libraries", "platforms"}:
        return _strings(key, value, where)
    if key in _KINDS:
        return _expect(value, _KINDS[key], key, where)
    return _word(key, _expect(value, str, key, where), where)


def _expect(value: Any, kind: type, key: str, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        words = {int: "a whole number", str: "a string", list: "a list of strings", dict: "a table"}
        words[bool] = "true or false"
        raise ConfigError(f"{where}: `{key}` must be {words[kind]}, not {value!r}", hint=f"correct `{key}`")
    return value


def _word(key: str, value: str, where: str) -> str:
    if key in _CHOICES:
        return _choice(key, value, _CHOICES[key], where)
    if key == "torch_version" and value:
        return torch_version(value, where)
    if key == "accelerator" and value and not _ACCELERATOR.fullmatch(value):
        cuda = '; for any CUDA say `device = "cuda"`' if value == "cuda" else ""
        raise ConfigError(
            f"{where}: `accelerator` must be cpu, a CUDA such as cu130 or a ROCm such as rocm7.2, not `{value}`",
            hint=f"leave it out to take the one that the device needs{cuda}",
        )
    return value


def _choice(key: str, value: str, choices: tuple[str, ...], where: str) -> str:
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


def _strings(key: str, value: Any, where: str) -> tuple[str, ...]:
    items = list(value) if isinstance(value, tuple) else _expect(value, list, key, where)
    words = tuple(_expect(item, str, key, where) for item in items)
    return tuple(_choice(key, word, PLATFORMS, where) for word in words) if key == "platforms" else words


def _tolerances(value: Any, where: str) -> dict[str, Tolerance]:
    table = cast("dict[str, Any]", _expect(value, dict, "tolerance", where))
    given = {dtype: _tolerance(dtype, item, where) for dtype, item in table.items()}
    return {**DEFAULT_TOLERANCES, **given}


def _tolerance(dtype: str, item: Any, where: str) -> Tolerance:
    if dtype not in DEFAULT_TOLERANCES:
        raise ConfigError(
            f"{where}: `tolerance.{dtype}` is not a dtype with a tolerance",
            hint=suggestion(dtype, DEFAULT_TOLERANCES)
            or f"one of {', '.join(DEFAULT_TOLERANCES)}; others must be equal",
        )
    table = item if isinstance(item, dict) else {}
    if set(table) != {"rtol", "atol"} or not all(type(n) in {int, float} and 0 <= n < math.inf for n in table.values()):
        raise ConfigError(
            f"{where}: `tolerance.{dtype}` must be two numbers of 0 or more",
            hint=f"write `{dtype} = {{ rtol = 1e-4, atol = 1e-5 }}`",
        )
    return Tolerance(rtol=float(item["rtol"]), atol=float(item["atol"]))


def relative_to(path: Path, root: Path) -> str:
    """`path` as it is written in a committed file: relative to the project, with forward slashes."""
    import os.path  # noqa: PLC0415 - pathlib learned walk_up only in Python 3.12

    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # another drive on Windows
        return path.as_posix()
