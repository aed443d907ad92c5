"""Which libraries of a LibTorch a program loads, and how large they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# In an environment of conda on Windows the DLLs are in bin.
_FOLDERS = ("lib", "bin")


def size(executable: Path, root: Path) -> int:
    """Bytes of what `executable` loads from the LibTorch in `root`, followed through ELF, PE and Mach-O headers.

    What lies elsewhere (glibc, NVIDIA's wheels) and what is opened only when it is asked for (CUDA) does not count.
    """
    there = {path.name.lower(): path for folder in _FOLDERS for path in (root / folder).glob("*") if path.is_file()}
    return sum(path.stat().st_size for path in {path.resolve() for path in _followed(executable, there)})


def _followed(executable: Path, there: Mapping[str, Path]) -> set[Path]:
    reached: set[Path] = set()
    waiting = [executable]
    while waiting:
        names = [name.rpartition("/")[2].lower() for name in _needed(waiting.pop())]
        new = {there[name] for name in names if name in there} - reached
        reached |= new
        waiting += new
    return reached


def _needed(binary: Path) -> list[str]:
    """As the file names them; nothing for what is no program and no shared library."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    name = str(binary)
    if lief.is_elf(name):
        config = lief.ELF.ParserConfig()
        config.parse_relocations = config.parse_symtab_symbols = config.parse_dyn_symbols = False
        config.parse_notes = config.parse_overlay = config.parse_symbol_versions = False
        elf = lief.ELF.parse(name, config)
        return list(map(str, elf.libraries)) if elf else []
    if lief.is_pe(name):
        pe = lief.PE.parse(name)
        return [str(entry.name) for entry in pe.imports] if pe else []
    parts = lief.MachO.parse(name, lief.MachO.ParserConfig.quick) if lief.is_macho(name) else None
    macho = parts.at(0) if parts and parts.size else None
    return [str(library.name) for library in macho.libraries] if macho else []
