"""windows-x86_64 on Linux: CMake generates for clang-cl and lld-link, and that is read; nothing is compiled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies import commands, dlls, toolchain_file, tools
from tsgen.matrix.strategies.strategy import PUT_BACK, Setup, require_platform

if TYPE_CHECKING:
    from tsgen.matrix.strategies.commands import Compile, Link
    from tsgen.matrix.strategies.strategy import Site
    from tsgen.types.matrix import Leg, Refusal, State, StrategyName

NAME: StrategyName = "configure"
STATE: State = "configured"
LIMIT = "compiling needs Microsoft's headers and libraries, which are on Windows and may not be handed on"

_RUNTIMES = {"release": "MD", "debug": "MDd"}
_VERSIONS = ("", *(f"-{number}" for number in range(25, 13, -1)))
"""Debian's clang-cl and LLVM tools have their version in their names; 14 is Debian 12's."""
_PACKAGES = {"clang-cl": "clang-tools", "lld-link": "lld", "llvm-lib": "llvm", "llvm-mt": "llvm", "llvm-rc": "llvm"}
_INCLUDES = "torchscript/all.cpp"
_REASON = "Made by `tsgen matrix`: CMake generates for Windows with it; without Microsoft's headers nothing compiles."


def lacks(leg: Leg) -> Refusal | None:  # noqa: ARG001 - clang-cl is the one compiler that there is
    return tools.lacking({_names(program): package for program, package in _PACKAGES.items()})


def identity(leg: Leg) -> str:  # noqa: ARG001
    return " + ".join(tools.version(_path(program), "--version") for program in ("clang-cl", "lld-link"))


def _names(program: str) -> tuple[str, ...]:
    return tuple(f"{program}{version}" for version in _VERSIONS)


def _path(program: str) -> str:
    return tools.path_of(*_names(program))


def set_up(site: Site) -> Setup:
    require_platform(site)
    file = toolchain_file.write(site.folder, _settings(), _REASON)
    return Setup(variables={"CMAKE_TOOLCHAIN_FILE": str(file)})


def _settings() -> dict[str, str]:
    return {
        "CMAKE_SYSTEM_NAME": "Windows",
        "CMAKE_SYSTEM_PROCESSOR": "AMD64",
        "CMAKE_CXX_COMPILER": _path("clang-cl"),
        "CMAKE_CXX_COMPILER_TARGET": "x86_64-pc-windows-msvc",
        # Nothing links without Microsoft's libraries, also not what CMake would try out.
        "CMAKE_TRY_COMPILE_TARGET_TYPE": "STATIC_LIBRARY",
        "CMAKE_CXX_COMPILER_WORKS": "1",
        "CMAKE_LINKER": _path("lld-link"),
        "CMAKE_AR": _path("llvm-lib"),
        "CMAKE_MT": _path("llvm-mt"),
        "CMAKE_RC_COMPILER": _path("llvm-rc"),
        "CMAKE_RC_COMPILER_WORKS": "1",
    }


def check(site: Site, program: Path) -> tuple[str, ...]:
    """Raises BuildError for commands that could not make a program which runs on Windows."""
    name = program.name if program.suffix == ".exe" else f"{program.name}.exe"
    compiles, link = commands.read(site.toolchain.ninja.path, site.build, name)
    return (
        _standard(compiles, site.libtorch.cxx_standard),
        _runtime(compiles, _RUNTIMES[site.leg.build_type]),
        _libraries(link, site.libtorch.root / "lib"),
        _dlls(link, site.libtorch.root / "lib"),
    )


def _standard(compiles: list[Compile], standard: int) -> str:
    """The C++ standard of the one file that sees LibTorch's headers."""
    includes = [each for each in compiles if each.source == _INCLUDES]
    if not includes or any(each.standard < standard for each in includes):
        came = ", ".join(f"{each.source}: C++{each.standard}" for each in includes) or f"no {_INCLUDES}"
        raise BuildError(f"this LibTorch needs C++{standard} ({came})", hint=PUT_BACK)
    return f"{_INCLUDES} is compiled as C++{includes[0].standard}, as LibTorch needs"


def _runtime(compiles: list[Compile], runtime: str) -> str:
    if others := [each for each in compiles if each.runtime != runtime]:
        came = ", ".join(f"{each.source}: /{each.runtime or 'none'}" for each in others[:3])
        raise BuildError(
            f"every file must be compiled with /{runtime}, as this LibTorch is ({came})",
            hint="leave CMAKE_MSVC_RUNTIME_LIBRARY to CMake",
        )
    return f"all files use Microsoft's runtime as a DLL (/{runtime}), as LibTorch does"


def _libraries(link: Link, folder: Path) -> str:
    if missing := [name for name in ("c10.lib", "torch_cpu.lib") if str(folder / name) not in link.libraries]:
        raise BuildError(
            f"the program is not linked with {' and '.join(missing)} of {folder}",
            hint=PUT_BACK,
        )
    return "linked with LibTorch's c10.lib and torch_cpu.lib"


def _dlls(link: Link, folder: Path) -> str:
    copied = {Path(word).name.lower() for word in link.copied}
    hint = "tsgen_use_libtorch(<program>) copies them; see third_party/tsgen/cmake/TorchDlls.cmake"
    if missing := sorted(dlls.closure(folder) - copied):
        raise BuildError(f"not copied beside the program, which would not start: {', '.join(missing)}", hint=hint)
    if gone := [word for word in link.copied if not Path(word).is_file()]:
        raise BuildError(f"{gone[0]} is to be copied beside the program, and is not there", hint=hint)
    if useless := dlls.for_python(Path(word) for word in link.copied):
        raise BuildError(f"copied beside the program, which has no Python: {', '.join(useless)}", hint=hint)
    return f"these lie beside the program, with all that they need: {', '.join(sorted(copied))}"
