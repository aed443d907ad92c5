"""tsgen.toml <-> Config: defaults < tsgen.toml < this machine's choices < TSGEN_* < command line.

The field names of Config are the words of the command line, of tsgen.toml and of the template's cookiecutter.json.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tsgen.errors import ConfigError
from tsgen.types import BuildType, Method, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "tsgen.toml"

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
    libtorch: str = "auto"
    """A provider's name, or the folder of a LibTorch."""
    build_type: BuildType = "release"
    tolerance: Mapping[str, Tolerance] = field(default_factory=lambda: DEFAULT_TOLERANCES)
    python: str | None = None
    """The interpreter that has the model's torch; a choice of this machine, never in tsgen.toml."""


_KEYS = tuple(item.name for item in fields(Config) if item.name != "python")
_CHOICES = {"method": get_args(Method), "build_type": get_args(BuildType)}


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
    python = table.get("python")
    words = {key: value for key, value in table.items() if key != "python"}
    check_keys(words, where)
    values = {key: _value(key, value, where) for key, value in words.items()}
    if missing := [key for key in ("name", "model") if not values.get(key)]:
        raise ConfigError(f"{where}: `{missing[0]}` is missing", hint=f'add a line such as `{missing[0]} = "resnet18"`')
    return replace(Config(**values), python=python)


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
    if key in {"inputs", "model_args"}:
        return _strings(key, value, where)
    if key == "seed":
        return _expect(value, int, key, where)
    return _choice(key, _expect(value, str, key, where), where)


def _expect(value: Any, kind: type, key: str, where: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {int: "a whole number", str: "a string", list: "a list of strings", dict: "a table"}
        raise ConfigError(f"{where}: `{key}` must be {words[kind]}, not {value!r}", hint=f"correct `{key}`")
    return value


def _choice(key: str, value: str, where: str) -> str:
    choices = _CHOICES.get(key)
    if choices and value not in choices:
        allowed = " | ".join(choices)
        raise ConfigError(
            f"{where}: `{key}` must be {allowed}, not `{value}`", hint=suggestion(value, choices) or allowed
        )
    return value


def _strings(key: str, value: Any, where: str) -> tuple[str, ...]:
    items = list(value) if isinstance(value, tuple) else _expect(value, list, key, where)
    return tuple(_expect(item, str, key, where) for item in items)


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
