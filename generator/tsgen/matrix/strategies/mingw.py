"""windows-x86_64 on Linux, for what calls C functions alone: compiled by mingw with Windows' LibTorch, run by wine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies import dlls, toolchain_file, tools, wine
from tsgen.matrix.strategies.strategy import PUT_BACK, Setup, libraries, require_platform

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.matrix.strategies.strategy import Site
    from tsgen.types.matrix import Leg, Refusal, State, StrategyName

NAME: StrategyName = "wine"
STATE: State = "proven"
LIMIT = "with Windows' LibTorch, compiled by mingw and run by wine: not Microsoft's compiler, not Microsoft's Windows"

_TRIPLE = "x86_64-w64-mingw32"
_OPENMP = "libiomp5md.dll"
_REASON = "Made by `tsgen matrix`: compiles for Windows with mingw, and runs what CTest runs in wine."


def lacks(leg: Leg) -> Refusal | None:
    packages = {_names(leg.compiler): "g++-mingw-w64-x86-64-posix", wine.NAMES: "wine64 wine"}
    return tools.lacking(packages) or wine.lacks()


def identity(leg: Leg) -> str:
    compiler, emulator = tools.path_of(*_names(leg.compiler)), tools.path_of(*wine.NAMES)
    return f"{tools.version(compiler, '--version')} + {tools.version(emulator, '--version')}"


def _names(compiler: str) -> tuple[str, ...]:
    """With the threads of POSIX, which the C++ library's need: so it is called on Debian, elsewhere there is one."""
    return (f"{_TRIPLE}-{compiler}-posix", f"{_TRIPLE}-{compiler}")


def set_up(site: Site) -> Setup:
    require_platform(site)
    emulator = wine.emulator()
    file = toolchain_file.write(site.folder, _settings(site, emulator), _REASON)
    return Setup(variables={"CMAKE_TOOLCHAIN_FILE": str(file)}, emulator=emulator)


def _settings(site: Site, emulator: tuple[str, ...]) -> dict[str, str]:
    return {
        "CMAKE_SYSTEM_NAME": "Windows",
        "CMAKE_SYSTEM_PROCESSOR": "AMD64",
        "CMAKE_CXX_COMPILER": tools.path_of(*_names(site.leg.compiler)),
        # With mingw's own DLLs in the program, LibTorch's are all that must lie beside it.
        "CMAKE_EXE_LINKER_FLAGS_INIT": "-static",
        "CMAKE_CROSSCOMPILING_EMULATOR": ";".join(emulator),
    }


def check(site: Site, program: Path) -> tuple[str, ...]:
    """Raises BuildError for a program or a model that would not load, or that brings an OpenMP of its own."""
    made = (program, *libraries(site))
    return (
        _beside(site.libtorch.root / "lib", made),
        *(_one_openmp(library) for library in made[1:]),
    )


def _beside(folder: Path, made: tuple[Path, ...]) -> str:
    """Raises BuildError for a DLL of the compiler's, which a Windows would not have."""
    needed = {name for each in made for name in dlls.needs(each)}
    if foreign := sorted(name for name in needed if name.startswith("lib") and not (folder / name).is_file()):
        raise BuildError(
            f"{', '.join(foreign)} of mingw's would have to lie beside the program", hint="link with -static"
        )
    beside = dlls.closure(folder, needed)
    if missing := sorted(name for name in beside if not (made[0].parent / name).is_file()):
        raise BuildError(f"not beside the program, which would not start: {', '.join(missing)}", hint=PUT_BACK)
    return f"a program for Windows that needs no DLL of mingw's; of LibTorch's: {', '.join(sorted(beside))}"


def _one_openmp(library: Path) -> str:
    """Two in a process have a team of threads each, and a number of threads."""
    if _OPENMP not in (found := dlls.needs(library)):
        raise BuildError(f"{library.name} does not take OpenMP from {_OPENMP} ({', '.join(found)})", hint=PUT_BACK)
    return f"one OpenMP, {_OPENMP} of LibTorch's, for its kernels and for the loops of {library.name}"
