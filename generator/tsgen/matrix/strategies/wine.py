"""Where wine keeps its Windows for tsgen, and how a program is started in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from filelock import FileLock

from tsgen.errors import BuildError
from tsgen.matrix.strategies import tools
from tsgen.system import files, process, user_cache
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("wine", "wine64")
# LibTorch 2.14's torch_cpu.dll takes C11 threads from it, and wine 8 has none; it is Microsoft's, and may be handed on
# with a program only. On Windows it comes with the Visual C++ redistributable package.
THREADS = "vcruntime140_threads.dll"
_PACKAGE = "msvc-runtime"
_SYSTEM = "drive_c/windows/system32"
# libiomp5md asks how the processors are arranged, by a call that wine 8 lacks, and ends the process; with none of
# wine's own remarks on stderr.
_VARIABLES = {"WINEDEBUG": "-all", "KMP_AFFINITY": "disabled"}
# Else it offers to fetch a .NET and a browser.
_WITHOUT = "mscoree,mshtml="


def folder() -> Path:
    """For all projects of this user: wine's Windows takes 700 MB, and ten seconds to make."""
    return user_cache.folder() / "wine"


def lacks() -> Refusal | None:
    """The library of Microsoft's that neither wine nor the user has brought."""
    if _brought().is_file() or _made().joinpath(_SYSTEM, THREADS).is_file():
        return None
    words = "--platform win_amd64 --python-version 3.11 --only-binary=:all: --no-deps"
    return Refusal(
        f"{THREADS} of Microsoft's, which this LibTorch needs and wine may lack, is not on this machine",
        f"`pip install {words} --target {_brought().parent} {_PACKAGE}`",
    )


def emulator() -> tuple[str, ...]:
    """What stands before a program. Makes wine's Windows first. Raises BuildError when that fails."""
    program, place = tools.path_of(*NAMES), _made()
    with files.writing(place, BuildError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_name("lock")):
            _make(program, place)
    variables = {"WINEPREFIX": str(place), **_VARIABLES}
    return ("env", *(f"{name}={value}" for name, value in variables.items()), program)


def _made() -> Path:
    return folder() / "windows"


def _brought() -> Path:
    return folder() / "msvc-runtime" / THREADS


def _make(program: str, place: Path) -> None:
    """The registry is written last."""
    if not (place / "system.reg").is_file():
        made = process.run(
            [program, "wineboot", "-i"],
            env={"WINEPREFIX": str(place), **_VARIABLES, "WINEDLLOVERRIDES": _WITHOUT},
            check=False,
        )
        if made.status:
            raise BuildError(f"wine could not make its Windows in {place}", hint="delete it", details=made.stderr)
    installed = place / _SYSTEM / THREADS
    if not installed.is_file() and _brought().is_file():
        shutil.copyfile(_brought(), installed)
