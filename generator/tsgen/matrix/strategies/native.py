"""A leg of this machine's own platform: built by the compiler of that name, and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.matrix.strategies import tools
from tsgen.matrix.strategies.strategy import Setup
from tsgen.runtimes import RUNTIMES
from tsgen.types import system_of
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.matrix.strategies.strategy import Site
    from tsgen.types.matrix import Leg, State, StrategyName

NAME: StrategyName = "native"
STATE: State = "proven"
LIMIT = ""

_PROGRAMS = {"msvc": "cl"}
"""Where the program is not called like its compiler."""
_INSTALL = {
    "linux": "`apt-get install {package}`",
    "macos": "`xcode-select --install`",
    "windows": "install Visual Studio's Build Tools with {package}, and start tsgen in their developer prompt",
}
_PACKAGES = {"msvc": "the C++ tools", "clang-cl": "`C++ Clang tools for Windows`"}


def lacks(leg: Leg) -> Refusal | None:
    program = _program(leg)
    if not tools.lacking({(program,): ""}):
        return _without_openmp(leg)
    install = _INSTALL[system_of(leg.platform)]
    return Refusal(f"{program} is not on this machine", install.format(package=package(leg.compiler)))


def _without_openmp(leg: Leg) -> Refusal | None:
    """A model that was compiled ahead has loops of OpenMP's, and Debian packs clang's by itself."""
    name, number = tools.numbered(leg.compiler)
    if RUNTIMES[leg.runtime].calls_cxx or name != "clang++" or tools.has_file(leg.compiler, "include/omp.h"):
        return None
    return Refusal(f"{leg.compiler} has no OpenMP on this machine", f"`apt-get install libomp{number}-dev`")


def package(compiler: str) -> str:
    """What brings a compiler: Debian's package, `clang-19` for `clang++-19`, or Visual Studio for its own."""
    name, number = tools.numbered(compiler)
    return _PACKAGES.get(name) or (f"clang{number}" if name == "clang++" else compiler)


def identity(leg: Leg) -> str:
    """The compiler's path and version: two compilers of one version may be built differently."""
    compiler = tools.path_of(_program(leg))
    asked = (compiler,) if leg.compiler == "msvc" else (compiler, "--version")
    return f"{compiler}: {tools.version(*asked)}"


def set_up(site: Site) -> Setup:
    return Setup(variables={"CMAKE_CXX_COMPILER": tools.path_of(_program(site.leg))})


def check(site: Site, program: Path) -> tuple[str, ...]:  # noqa: ARG001 - the parity is the check
    return ()


def _program(leg: Leg) -> str:
    return _PROGRAMS.get(leg.compiler, leg.compiler)
