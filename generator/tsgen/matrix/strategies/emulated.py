"""linux-aarch64 on linux-x86_64: Debian's cross compiler, and qemu to run what it makes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies import elf, sysroot, toolchain_file, tools
from tsgen.matrix.strategies.strategy import Setup, libraries, require_platform
from tsgen.runtimes import RUNTIMES
from tsgen.system import process
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from tsgen.matrix.strategies.strategy import Site
    from tsgen.types.matrix import Leg, State, StrategyName

NAME: StrategyName = "emulated"
STATE: State = "proven"
LIMIT = ""

TRIPLE = "aarch64-linux-gnu"
_QEMU = ("qemu-aarch64-static", "qemu-aarch64")
_REASON = "Made by `tsgen matrix`: compiles for linux-aarch64, and runs what CTest runs in qemu."


_NO_OPENMP = "{compiler} has no OpenMP for linux-aarch64 here, which a model that was compiled ahead needs"


def lacks(leg: Leg) -> Refusal | None:
    # The cross compiler's packages have GNU's alone.
    if tools.numbered(leg.compiler)[0] != "g++" and not RUNTIMES[leg.runtime].calls_cxx:
        return Refusal(_NO_OPENMP.format(compiler=leg.compiler), "take g++")
    return tools.lacking({**_packages(leg.compiler), _QEMU: "qemu-user-static"})


def identity(leg: Leg) -> str:
    return " + ".join(tools.version(tools.path_of(*names)) for names in ([_program(leg)], _QEMU))


def _program(leg: Leg) -> str:
    return next(iter(_packages(leg.compiler)))[0]


def _packages(compiler: str) -> dict[tuple[str, ...], str]:
    """The package of each program, the compiler first.

    clang brings no libraries of the other platform: it takes those of g++.
    """
    name, number = tools.numbered(compiler)
    if name == "g++":
        return {(f"{TRIPLE}-g++{number}",): f"g++{number}-{TRIPLE}"}
    return {(compiler,): f"clang{number}", (f"{TRIPLE}-g++",): f"g++-{TRIPLE}"}


def set_up(site: Site) -> Setup:
    require_platform(site)
    compiler = tools.path_of(_program(site.leg))
    root = sysroot.write(site.folder / "sysroot", _cross_libraries(compiler), os.cpu_count() or 1)
    emulator = (tools.path_of(*_QEMU), "-L", str(root))
    file = toolchain_file.write(site.folder, _settings(site, compiler, emulator), _REASON)
    return Setup(variables={"CMAKE_TOOLCHAIN_FILE": str(file)}, emulator=emulator)


def _settings(site: Site, compiler: str, emulator: tuple[str, ...]) -> dict[str, str]:
    is_clang = tools.numbered(site.leg.compiler)[0] != "g++"
    return {
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": "aarch64",
        "CMAKE_CXX_COMPILER": compiler,
        **({"CMAKE_CXX_COMPILER_TARGET": TRIPLE} if is_clang else {}),
        "CMAKE_CROSSCOMPILING_EMULATOR": ";".join(emulator),
    }


def _cross_libraries(compiler: str) -> Path:
    """The folder with the other platform's libc, loader and libstdc++: they are one package of Debian's.

    Raises BuildError when the compiler has none.
    """
    target = [] if TRIPLE in Path(compiler).name else [f"--target={TRIPLE}"]
    answer = Path(process.run([compiler, *target, "-print-file-name=libc.so.6"], check=False).stdout.strip())
    if not answer.is_absolute():
        raise BuildError(f"{compiler} has no C library for linux-aarch64", hint=f"`apt-get install g++-{TRIPLE}`")
    return answer.parent.resolve()


def check(site: Site, program: Path) -> tuple[str, ...]:
    """Raises BuildError for what is another machine's, or would not find its LibTorch: the program, and its model."""
    for library in libraries(site):
        elf.check(library, site.libtorch.root)
    return (*elf.check(program, site.libtorch.root), *(f"{each.name} likewise" for each in libraries(site)))
