"""tsgen.toml <-> Config: defaults < tsgen.toml < this machine's choices < TSGEN_* < command line.

The field names of Config are the words of the command line, of tsgen.toml and of the template's cookiecutter.json.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen.config import compile_cache, values
from tsgen.config.matrix import axes
from tsgen.config.tolerance import DEFAULT_TOLERANCES, tolerances
from tsgen.config.values import suggestion
from tsgen.console import note
from tsgen.errors import ConfigError
from tsgen.system import codec
from tsgen.types.axes import Axes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tsgen.types import BuildType, CompileCache, Device, Method, RuntimeName, Tolerance, Tune

__all__ = ["DEFAULT_TOLERANCES", "RUN_ONLY", "Config", "from_table", "load", "relative_to", "suggestion", "values"]

FILE_NAME = "tsgen.toml"


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
    tune: Tune = "none"
    """`freeze`: torch.jit.freeze, kept only when it is as right as the tolerance asks."""
    runtime: RuntimeName = "torchscript"
    """What executes the exported model in C++."""
    packaged: bool = False
    """Of aotinductor: the library that Inductor compiles at the export, for CPUs like this one, and no sources."""
    seed: int = 0
    reinit_weights: bool = False
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
    compile_cache: CompileCache = "auto"
    """What stands in front of the compiler and remembers what it made."""
    lfs: bool = False
    """Git LFS keeps model and cases: .gitattributes says so, and nobody needs to be told that a model is large."""
    compile_cache_environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of the compile cache: where it keeps things. The environment comes before them."""
    tolerance: Mapping[str, Tolerance] = field(default_factory=lambda: DEFAULT_TOLERANCES)
    matrix: Axes = field(default_factory=Axes)
    """The legs that CI builds and proves."""
    python: str | None = None
    """The interpreter that has the model's torch; a choice of this machine, never in tsgen.toml."""
    offline: bool = False
    """Ask no index and no server in this run."""
    locked: bool = False
    """Refuse, in this run, to differ from tsgen.lock."""


RUN_ONLY = ("python", "offline", "locked")
"""The fields that tsgen.toml does not have."""
_FORMER: Mapping[str, str] = {"livened": "reinit_weights"}
"""Keys of tsgen.toml that have another name now."""
_KEYS = tuple(item.name for item in fields(Config) if item.name not in RUN_ONLY)
_FLAGS = ("packaged", "reinit_weights", "unsafe_pickle", "older_libtorch", "lfs")
_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "tolerance": tolerances,
    "matrix": axes,
    "seed": values.seed,
    compile_cache.KEY: compile_cache.environment,
}
_KINDS: Mapping[str, type] = dict.fromkeys(_FLAGS, bool)


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
        table = codec.parsed_toml(path.read_bytes())
    except codec.FormError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", hint="mend the line it names") from error
    for old, new in _FORMER.items():
        if old in table:
            note(f"{path}: `{old}` is called `{new}` now; the old word goes with the next version")
            table.setdefault(new, table.pop(old))
    check_keys(table, str(path))
    for overlay in overlays:
        table.update({key: value for key, value in overlay.items() if value is not None})
    return from_table(table, where=str(path))


def from_table(table: Mapping[str, Any], *, where: str) -> Config:
    """Check each key and value of `table`; `where` names its source in the errors."""
    run = {key: value for key, value in table.items() if key in RUN_ONLY}
    values.place("python", run.get("python") or "", where)
    words = {key: value for key, value in table.items() if key not in RUN_ONLY}
    check_keys(words, where)
    given = {key: _value(key, value, where) for key, value in words.items()}
    if missing := [key for key in ("name", "model") if not given.get(key)]:
        raise ConfigError(f"{where}: `{missing[0]}` is missing", hint=f'add a line such as `{missing[0]} = "resnet18"`')
    config = replace(Config(**given), **run)
    if config.device == "cuda" and config.accelerator == "cpu":
        raise ConfigError(
            "`device` is `cuda` but `accelerator` is `cpu`",
            hint="leave out one of the two, on the command line or in tsgen.toml, or name a CUDA",
        )
    if config.device == "cuda" and config.tune != "none":
        raise ConfigError(
            f"`tune` is `{config.tune}` but `device` is `cuda`: frozen weights cannot be moved to a GPU",
            hint="leave out one of the two, on the command line or in tsgen.toml",
        )
    return config


def check_keys(table: Mapping[str, Any], where: str) -> None:
    """Raises ConfigError for a key that tsgen.toml does not have."""
    for key in table:
        if key not in _KEYS:
            known = f"the keys are {', '.join(_KEYS)}"
            raise ConfigError(f"{where}: unknown key `{key}`", hint=suggestion(key, _KEYS) or known)


def _value(key: str, value: Any, where: str) -> Any:
    if key in _READERS:
        return _READERS[key](value, where)
    if key in {"inputs", "model_args", "op_libraries", "platforms"}:
        return values.strings(key, value, where)
    if key in _KINDS:
        return values.expect(value, _KINDS[key], key, where)
    return values.word(key, values.expect(value, str, key, where), where)


def relative_to(path: Path, root: Path) -> str:
    """`path` as it is written in a committed file: relative to the project, with forward slashes."""
    import os.path  # noqa: PLC0415 - pathlib learned walk_up only in Python 3.12

    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # another drive on Windows
        return path.as_posix()
