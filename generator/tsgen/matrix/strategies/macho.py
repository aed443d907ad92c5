"""Mach-O files as far as linking goes: what they are for, what they take from which library, what they give."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tsgen.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import lief

LIBCXX = "/usr/lib/libc++.1.dylib"
ANYWHERE = ""
"""In the place of a library: with `-undefined dynamic_lookup` the linker leaves the search to the loader."""
# xnu, osfmk/kern/cs_blobs.h: all of it is big-endian.
_SIGNATURE, _DIRECTORY, _AD_HOC = 0xFADE0CC0, 0xFADE0C02, 0x2

# mach-o/nlist.h: N_UNDF | N_EXT.
_UNDEFINED = 0x1


@dataclass(frozen=True, kw_only=True)
class Image:
    """A program or a dynamic library."""

    machine: str
    """`arm64`."""
    system: str
    """`macos`."""
    minimum_os: str
    """`14.0`."""
    loads: tuple[str, ...]
    """The libraries as their load commands name them, in their order."""
    run_paths: tuple[str, ...]
    binds: Mapping[str, frozenset[str]]
    """By the library of the two-level namespace: the symbols that the loader looks for there, and nowhere else."""
    exports: frozenset[str]
    ad_hoc: bool
    """Signed without an identity; a Mac with Apple silicon runs nothing that has no signature."""


@lru_cache(maxsize=16)
def read(path: Path) -> Image:
    """Ten seconds for libtorch_cpu: lief takes in its 200 MB. Kept, since the legs of a LibTorch ask for the same.

    Raises BuildError for what is no Mach-O file of one machine.
    """
    from tsgen.system.object_files import lief  # noqa: PLC0415

    lief.logging.disable()
    config = lief.MachO.ParserConfig()
    config.parse_dyld_bindings = config.parse_dyld_rebases = False
    parts = lief.MachO.parse(str(path), config) if lief.is_macho(str(path)) else None
    parsed = parts.at(0) if parts and parts.size == 1 else None
    if not parsed:
        raise BuildError(f"{path} is not a Mach-O file of one machine", hint="delete the leg's folder and run it again")
    return _image(parsed)


def _image(parsed: lief.MachO.Binary) -> Image:
    loads = tuple(str(each.name) for each in parsed.libraries if each.command.name != "ID_DYLIB")
    system, oldest = _made_for(parsed)
    signature = parsed.code_signature
    return Image(
        machine=parsed.header.cpu_type.name.lower(),
        system=system,
        minimum_os=f"{oldest[0]}.{oldest[1]}",
        loads=loads,
        run_paths=tuple(str(each.path) for each in parsed.rpaths),
        binds=_binds(parsed, loads),
        exports=frozenset(str(symbol.name) for symbol in parsed.symbols if symbol.has_export_info),
        ad_hoc=is_ad_hoc(bytes(signature.content)) if signature else False,
    )


def _made_for(parsed: lief.MachO.Binary) -> tuple[str, list[int]]:
    """Before macOS 10.14 the system was the name of the load command."""
    if build := parsed.build_version:
        return build.platform.name.lower(), list(build.minos)
    return "macos", list(parsed.version_min.version) if parsed.version_min else [0, 0]


def _binds(parsed: lief.MachO.Binary, loads: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The symbols of each library, by the ordinals of the symbol table.

    Those of the fixups name no library for weak ones, such as operator new.
    """
    found: dict[str, set[str]] = {}
    for symbol in parsed.symbols:
        if symbol.raw_type == _UNDEFINED:
            number = symbol.library_ordinal
            library = loads[number - 1] if 0 < number <= len(loads) else ANYWHERE
            found.setdefault(library, set()).add(str(symbol.name))
    return {library: frozenset(names) for library, names in found.items()}


def is_ad_hoc(signature: bytes) -> bool:
    """The flag in the code directory of an embedded signature."""
    magic, _, count = struct.unpack_from(">3I", signature)
    blobs = [struct.unpack_from(">2I", signature, 12 + 8 * number) for number in range(count)]
    flags = [struct.unpack_from(">4I", signature, offset) for _, offset in blobs]
    return magic == _SIGNATURE and any(kind == _DIRECTORY and bits & _AD_HOC for kind, _, _, bits in flags)
