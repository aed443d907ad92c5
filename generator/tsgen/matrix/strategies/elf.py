"""What a linked Linux program says of itself; nothing of it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies.strategy import PUT_BACK

if TYPE_CHECKING:
    import lief

LIBTORCH = ("libtorch_cpu.so", "libc10.so")
_MACHINE = "AARCH64"
_AGAIN = "delete the leg's folder and run it again"


def check(program: Path, root: Path) -> tuple[str, ...]:
    """Raises BuildError for another machine's program, or one that would not find the LibTorch in `root`."""
    parsed = _parse(program)
    if parsed.header.machine_type.name != _MACHINE:
        found = parsed.header.machine_type.name
        raise BuildError(f"{program} is for {found}, not for {_MACHINE}", hint=_AGAIN)
    needed = [str(name) for name in parsed.libraries]
    if missing := [name for name in LIBTORCH if name not in needed]:
        raise BuildError(f"{program} is not linked with {' and '.join(missing)}", hint=PUT_BACK)
    if (root / "lib") not in (places := _run_path(parsed)):
        came = ", ".join(map(str, places)) or "there is none"
        raise BuildError(
            f"{program}'s run path does not lead to {root / 'lib'} ({came})", hint="keep CMake's build run path"
        )
    return (f"an ELF program for {_MACHINE}", "linked with LibTorch's CPU libraries, which its run path leads to")


def _parse(program: Path) -> lief.ELF.Binary:
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    parsed = lief.ELF.parse(str(program)) if lief.is_elf(str(program)) else None
    if not parsed:
        raise BuildError(f"{program} is not an ELF program", hint=_AGAIN)
    return parsed


def _run_path(parsed: lief.ELF.Binary) -> list[Path]:
    entries = (entry for entry in parsed.dynamic_entries if entry.tag.name in {"RUNPATH", "RPATH"})
    # Each kind of entry is a class of its own in lief; only these two have `paths`.
    return [Path(str(place)) for entry in entries for place in getattr(entry, "paths", ())]
