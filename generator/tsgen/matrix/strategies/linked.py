"""Whether a linked program for macOS would load beside its LibTorch, on the oldest macOS that the LibTorch allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.errors import BuildError
from tsgen.matrix.strategies import libcxx, macho
from tsgen.matrix.strategies.libcxx_symbols import OLDEST_MACOS
from tsgen.matrix.strategies.strategy import PUT_BACK

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.matrix.strategies.macho import Image

# What the linker may be told to load: LibTorch's two and the system's two.
_LIBTORCH = ("@rpath/libtorch_cpu.dylib", "@rpath/libc10.dylib")
_OPENMP = "@rpath/libomp.dylib"
_LIBSYSTEM = "/usr/lib/libSystem.B.dylib"
_HINT_LIBCXX = "link with -nostdlib++ and the stub libc++.tbd of the leg's folder, as its toolchain.cmake does"


def libraries(root: Path) -> list[Path]:
    return sorted((root / "lib").glob("*.dylib"))


def minimum_os(root: Path) -> str:
    """The newest of what the libraries and the project's sources ask for."""
    return max((OLDEST_MACOS, *(macho.read(library).minimum_os for library in _linked(root))), key=Version)


def check(program: Image, root: Path, machine: str) -> tuple[str, ...]:
    """What was found right. Raises BuildError for the first thing that is not."""
    return (
        _made_for(program, machine, minimum_os(root)),
        _loads(program),
        _finds_libtorch(program, root),
        _symbols(program, root),
        *_signature(program, machine),
    )


def _linked(root: Path) -> list[Path]:
    return [root / "lib" / name.rpartition("/")[2] for name in _LIBTORCH]


def _made_for(program: Image, machine: str, oldest: str) -> str:
    came, expected = (program.system, program.machine), ("macos", machine)
    if came != expected:
        raise BuildError(
            f"the program is for {' '.join(came)}, not for {' '.join(expected)}", hint="see toolchain.cmake"
        )
    if program.minimum_os != oldest:
        raise BuildError(
            f"the program's minimum macOS is {program.minimum_os}, and with this LibTorch it must be {oldest}",
            hint=f"compile with -target ...-macos.{oldest} (-mmacosx-version-min={oldest} with Apple's clang)",
        )
    return f"a Mach-O program for {machine}, for macOS {oldest} and newer"


def _loads(program: Image) -> str:
    if macho.LIBCXX not in program.loads:
        raise BuildError("the program has a libc++ of its own instead of the system's", hint=_HINT_LIBCXX)
    expected = {*_LIBTORCH, macho.LIBCXX, _LIBSYSTEM}
    if missing := sorted(expected - set(program.loads)):
        raise BuildError(f"the program does not load {', '.join(missing)}", hint=PUT_BACK)
    strange = [name for name in program.loads if name not in expected and not name.startswith("@rpath/")]
    if strange:
        raise BuildError(f"the program loads {', '.join(strange)} too", hint="a Mac must have it at that very place")
    return "loads LibTorch's CPU libraries, the system's libc++ and libSystem"


def _finds_libtorch(program: Image, root: Path) -> str:
    if str(root / "lib") not in program.run_paths:
        came = ", ".join(program.run_paths) or "it has none"
        raise BuildError(f"the run path does not lead to {root / 'lib'} ({came})", hint="keep CMake's build run path")
    return "its run path leads to LibTorch"


def _symbols(program: Image, root: Path) -> str:
    """The loader looks for a symbol in the library that the linker noted, and nowhere else."""
    taken = 0
    for name, library in _of_libtorch(program, root).items():
        _require(program.binds.get(name, frozenset()), macho.read(library).exports, library.name)
        taken += len(program.binds.get(name, ()))
    known = libcxx.symbols(libraries(root))
    _require(program.binds.get(macho.LIBCXX, frozenset()), known, "the libc++ of LibTorch's minimum macOS")
    if lost := sorted(program.binds.get(macho.ANYWHERE, ())):
        raise BuildError(f"no library was found to have {lost[0]}", hint="link without -undefined dynamic_lookup")
    if not taken:
        raise BuildError("the program takes no symbol from LibTorch", hint=PUT_BACK)
    return f"each of the {taken} symbols that it takes from LibTorch is exported there"


def _of_libtorch(program: Image, root: Path) -> dict[str, Path]:
    """Its libraries by the names under which the program loads them: its two, and with loops its libomp."""
    names = [*_LIBTORCH, *([_OPENMP] if _OPENMP in program.loads else [])]
    return {name: root / "lib" / name.rpartition("/")[2] for name in names}


def _require(taken: frozenset[str], given: frozenset[str], library: str) -> None:
    if missing := sorted(taken - given):
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise BuildError(
            f"{library} does not export {missing[0]}{more}", hint="take the LibTorch whose headers were used"
        )


def _signature(program: Image, machine: str) -> list[str]:
    """Macs with Apple silicon alone ask for one."""
    if machine != "arm64":
        return []
    if not program.ad_hoc:
        raise BuildError(
            "the program has no ad-hoc signature: macOS on arm64 kills it", hint="sign it: `codesign -s -`"
        )
    return ["signed ad hoc"]
