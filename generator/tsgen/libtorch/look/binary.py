"""What a shared library is made for, read from its ELF, PE or Mach-O headers; nothing of it is run."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tsgen.errors import LibTorchError
from tsgen.system import stat_cache

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import lief

# A constructor of c10::Error that takes a message is in every libc10, and its name tells which std::string that is.
_ERROR = re.compile(r"_ZN3c105ErrorC[12]E.*?(__cxx11|Ss)")
_GLIBC = re.compile(r"GLIBC_(\d+(?:\.\d+)+)")
_MUSL = re.compile(r"libc\.musl-|ld-musl-")
_DEBUG_RUNTIME = re.compile(r"(?:msvcp\d+d|vcruntime\d+(?:_\d+)?d|ucrtbased)\.dll", re.IGNORECASE)

# Bytes, in the 64-bit formats.
_ELF_HEADER, _MACHO_HEADER = 64, 32


@dataclass(frozen=True, kw_only=True)
class Binary:
    """One shared library."""

    platform: str
    """`linux-x86_64`; a name that `platform.py` does not know, such as `linux-riscv64`, has no LibTorch."""
    cxx11_abi: bool | None
    """Of libc10: True where there is only one, None when its symbols do not tell."""
    musl: bool = False
    """It is linked with the C library of Alpine."""
    glibc: str | None = None
    """The oldest that will do, `2.28`; None when it needs none."""
    macos: str | None = None
    """The oldest that will do, `14.0`."""
    debug_runtime: bool = False
    """It is linked with the Debug runtime of Visual C++."""


def read(library: Path) -> Binary:
    """What was read of a file that has not changed since is remembered: lief alone takes a third of a second to load.

    Raises LibTorchError when `library` is not a whole shared library.
    """
    return Binary(**stat_cache.remembered("binary", [library], lambda: asdict(_read(library))))


def _read(library: Path) -> Binary:
    """Takes milliseconds for libc10, half a second for libtorch_cpu.so: lief loads all of a file."""
    from tsgen.system.object_files import lief  # noqa: PLC0415

    # It has its own words on stderr for each broken part of a file.
    lief.logging.disable()
    name = str(library)
    if lief.is_elf(name):
        return _elf(library)
    if lief.is_pe(name):
        return _pe(library)
    if lief.is_macho(name):
        return _macho(library)
    raise _broken(library, "is not a shared library: expected ELF, PE or Mach-O")


def _elf(library: Path) -> Binary:
    from tsgen.system.object_files import lief  # noqa: PLC0415

    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_symtab_symbols = config.parse_notes = config.parse_overlay = False
    parsed = lief.ELF.parse(str(library), config)
    if not parsed:
        raise _broken(library)
    _require_whole(library, _elf_ends(parsed))
    return Binary(
        platform=f"linux-{parsed.header.machine_type.name.lower()}",
        cxx11_abi=_cxx11_abi(str(symbol.name) for symbol in parsed.dynamic_symbols if not symbol.imported),
        musl=any(_MUSL.match(needed) for needed in map(str, parsed.libraries)),
        glibc=_newest_glibc(parsed),
    )


def _elf_ends(parsed: lief.ELF.Binary) -> Iterator[int]:
    header = parsed.header
    yield _ELF_HEADER
    yield header.program_header_offset + header.numberof_segments * header.program_header_size
    yield header.section_header_offset + header.numberof_sections * header.section_header_size
    for segment in parsed.segments:
        yield segment.file_offset + segment.physical_size
    for section in parsed.sections:
        if section.type.name != "NOBITS":
            yield section.offset + section.size


def _cxx11_abi(symbols: Iterable[str]) -> bool | None:
    found = next((match[1] for match in map(_ERROR.match, symbols) if match), None)
    return None if found is None else found == "__cxx11"


def _newest_glibc(parsed: lief.ELF.Binary) -> str | None:
    names = (
        str(need.name) for library in parsed.symbols_version_requirement for need in library.get_auxiliary_symbols()
    )
    versions = [match[1] for match in map(_GLIBC.fullmatch, names) if match]
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default=None)


def _pe(library: Path) -> Binary:
    from tsgen.system.object_files import lief  # noqa: PLC0415

    config = lief.PE.ParserConfig()
    config.parse_signature = config.parse_exports = config.parse_rsrc = config.parse_reloc = False
    parsed = lief.PE.parse(str(library), config)
    if not parsed or len(parsed.sections) < max(parsed.header.numberof_sections, 1):
        raise _broken(library)
    _require_whole(library, (section.offset + section.sizeof_raw_data for section in parsed.sections))
    machine = parsed.header.machine.name.lower()
    return Binary(
        platform=f"windows-{'x86_64' if machine == 'amd64' else machine}",
        cxx11_abi=True,
        debug_runtime=any(_DEBUG_RUNTIME.fullmatch(str(entry.name)) for entry in parsed.imports),
    )


def _macho(library: Path) -> Binary:
    from tsgen.system.object_files import lief  # noqa: PLC0415

    parts = lief.MachO.parse(str(library), lief.MachO.ParserConfig.quick)
    # One for each machine in a universal file; LibTorch is published for one machine at a time.
    parsed = parts.at(0) if parts and parts.size else None
    if not parsed:
        raise _broken(library)
    commands = parsed.fat_offset + _MACHO_HEADER + parsed.header.sizeof_cmds
    segments = (parsed.fat_offset + segment.file_offset + segment.file_size for segment in parsed.segments)
    _require_whole(library, [commands, *segments])
    return Binary(platform=f"macos-{parsed.header.cpu_type.name.lower()}", cxx11_abi=True, macos=_oldest_macos(parsed))


def _oldest_macos(parsed: lief.MachO.Binary) -> str | None:
    if parsed.build_version:
        return _dotted(parsed.build_version.minos)
    return _dotted(parsed.version_min.version) if parsed.version_min else None


def _dotted(version: list[int]) -> str:
    return f"{version[0]}.{version[1]}"


def _require_whole(library: Path, ends: Iterable[int]) -> None:
    """Raises LibTorchError when the file stops before one of its parts does."""
    expected, size = max(ends, default=0), library.stat().st_size
    if size < expected:
        raise _broken(library, f"is cut short: expected {expected} bytes, came {size}")


def _broken(library: Path, what: str = "is broken: its headers cannot be read") -> LibTorchError:
    return LibTorchError(f"{library} {what}", hint="install torch again, or unpack the LibTorch again")
