"""The compile cache in front of the compiler: what CMake is told of it, and what the cache itself is told."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tsgen import sccache
from tsgen.errors import ToolMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config

_INSTALLS = {
    "ccache": "`apt-get install ccache`, `brew install ccache` or `choco install ccache`",
    "sccache": "`pip install sccache`",
}
# Debug information names the folder that the compiler ran in, so that ccache keeps objects of two build folders apart.
# CMake gives sources by absolute paths: a debugger finds them from any folder.
_CCACHE = {"CCACHE_NOHASHDIR": "1"}


@dataclass(frozen=True, kw_only=True)
class Launcher:
    """Empty without a compile cache."""

    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Cache variables for CMake."""
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """For CMake and what it starts; a secret is not among it."""


NONE = Launcher()


def of(config: Config, root: Path) -> Launcher:
    """The launcher that the project at `root` asks for, ready to be used: sccache's server runs.

    Raises ToolMissingError when it is not on this machine, or does not come up with its storage.
    """
    name = config.compile_cache
    if name == "none":
        return NONE
    # pip installs sccache beside the Python that runs tsgen, whose folder need not be on the PATH.
    program = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if not program:
        raise ToolMissingError(
            f"`compile_cache` is `{name}`, which is not on this machine",
            hint=f"install it ({_INSTALLS[name]}), or say --compile-cache none",
        )
    # The environment comes before tsgen.toml, as everywhere.
    asked = {key: value for key, value in config.compile_cache_environment.items() if key not in os.environ}
    environment = {**_CCACHE, **asked} if name == "ccache" else sccache.served(program, asked)
    return Launcher(variables=_variables(program, root), environment=environment)


def _variables(program: str, root: Path) -> dict[str, str]:
    """CUDA's only where CMake enables it: it warns of a variable that nothing reads."""
    cuda = ("CUDA",) if any(source for folder in ("ops", "src/cuda") for source in (root / folder).glob("*.cu")) else ()
    return {f"CMAKE_{language}_COMPILER_LAUNCHER": program for language in ("CXX", *cuda)}
