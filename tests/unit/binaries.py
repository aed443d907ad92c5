"""The smallest shared libraries that are real: a reader of ELF, PE or Mach-O finds in them what was asked for."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ELF_MACHINES = {"i386": 3, "x86_64": 62, "aarch64": 183, "riscv64": 243}
PE_MACHINES = {"x86_64": 0x8664, "arm64": 0xAA64}
MACHO_MACHINES = {"x86_64": 0x01000007, "arm64": 0x0100000C}
NEW_ABI = "_ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
OLD_ABI = "_ZN3c105ErrorC1ENS_14SourceLocationESs"
GLIBC = {"libc.so.6": ("GLIBC_2.17",)}
RELEASE_DLLS = ("KERNEL32.dll", "MSVCP140.dll", "VCRUNTIME140.dll", "VCRUNTIME140_1.dll")

_HEADER, _PROGRAM_HEADER = 64, 56
_RELATIVE = {"hash": 4, "strings": 5, "symbols": 6, "versions": 0x6FFFFFF0, "needs": 0x6FFFFFFE}


class _Strings:
    """A string table, which gives each name its place."""

    def __init__(self) -> None:
        self.bytes = b"\0"

    def add(self, text: str) -> int:
        place = len(self.bytes)
        self.bytes += text.encode() + b"\0"
        return place


def write_elf(
    path: Path,
    machine: str = "x86_64",
    *,
    symbols: Sequence[str] = (),
    undefined: Sequence[str] = (),
    needed: Iterable[str] = ("libc.so.6",),
    versions: Mapping[str, Sequence[str]] = GLIBC,
) -> Path:
    """A shared library; `versions` are those it needs of other libraries, by their file."""
    strings = _Strings()
    entries = [(1, strings.add(name)) for name in needed]
    names = [(strings.add(name), 1) for name in symbols] + [(strings.add(name), 0) for name in undefined]
    count = len(names) + 1
    tables = {
        "symbols": bytes(24) + b"".join(struct.pack("<IBBHQQ", name, 0x12, 0, here, here, 0) for name, here in names),
        "hash": struct.pack("<4I", 1, count, 0, 0) + bytes(4 * (count - 1)),
        "versions": struct.pack(f"<{count}H", *[1] * count) + bytes(-2 * count % 8),
        "needs": _version_needs(versions, strings) + bytes(8),
    }
    tables["strings"] = strings.bytes + bytes(-len(strings.bytes) % 8)
    entries += [(10, len(strings.bytes)), (11, 24), (0x6FFFFFFF, len(versions))]
    _write_elf(path, ELF_MACHINES[machine], tables, entries)
    return path


def _version_needs(versions: Mapping[str, Sequence[str]], strings: _Strings) -> bytes:
    blocks = []
    for number, (file, wanted) in enumerate(versions.items(), start=1):
        following = 0 if number == len(versions) else 16 * (len(wanted) + 1)
        block = struct.pack("<HHIII", 1, len(wanted), strings.add(file), 16, following)
        for place, name in enumerate(wanted, start=1):
            block += struct.pack("<IHHII", 0, 0, 2, strings.add(name), 0 if place == len(wanted) else 16)
        blocks.append(block)
    return b"".join(blocks)


def _write_elf(path: Path, machine: int, tables: Mapping[str, bytes], entries: list[tuple[int, int]]) -> None:
    start = _HEADER + 2 * _PROGRAM_HEADER
    body, places = b"", {}
    for name, table in tables.items():
        places[name] = start + len(body)
        body += table + bytes(-len(table) % 8)
    entries = [*entries, *((_RELATIVE[name], place) for name, place in places.items()), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    place, size = start + len(body), start + len(body) + len(dynamic)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, _HEADER, 0, 0, _HEADER, _PROGRAM_HEADER, 2, 64, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, size, size, 4096)
    dynamic_header = struct.pack("<IIQQQQQQ", 2, 6, place, place, place, len(dynamic), len(dynamic), 8)
    path.write_bytes(header + load + dynamic_header + body + dynamic)


def write_pe(path: Path, machine: str = "x86_64", *, imports: Sequence[str] = RELEASE_DLLS) -> Path:
    """A DLL that takes one function from each of `imports`."""
    code, address, alignment = _imports(imports, 0x1000), 0x1000, 0x200
    stored = code + bytes(-len(code) % alignment)
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", PE_MACHINES[machine], 1, 0, 0, 0, 240, 0x2022)
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 0, 0, len(stored), 0, 0, address)
    versions, sizes = (6, 0, 0, 0, 6, 0), (0, 0x2000, 512, 0)
    optional += struct.pack("<QII6H4IHH", 0x180000000, 4096, alignment, *versions, *sizes, 2, 0x160)
    optional += struct.pack("<QQQQII", 0x100000, 4096, 0x100000, 4096, 0, 16)
    optional += bytes(8) + struct.pack("<II", address, 20 * (len(imports) + 1)) + bytes(8 * 14)
    section = struct.pack("<8sIIIIIIHHI", b".rdata", len(code), address, len(stored), 512, 0, 0, 0, 0, 0x40000040)
    headers = dos + coff + optional + section
    path.write_bytes(headers + bytes(512 - len(headers)) + stored)
    return path


def _imports(names: Sequence[str], address: int) -> bytes:
    """The import table, then for each library its thunks, the hint with the function's name, and the library's name."""
    table, rest = b"", b""
    start = address + 20 * (len(names) + 1)
    for name in names:
        place = start + len(rest)
        thunks = struct.pack("<QQ", place + 32, 0)
        rest += thunks + thunks + b"\0\0function\0".ljust(16, b"\0")
        table += struct.pack("<IIIII", place, 0, 0, start + len(rest), place + 16)
        text = name.encode() + b"\0"
        rest += text + bytes(-len(text) % 8)
    return table + bytes(20) + rest


def write_macho(
    path: Path, machine: str = "arm64", *, minimum: tuple[int, int] | None = (14, 0), old_command: bool = False
) -> Path:
    """A dylib for macOS `minimum` and newer, said by LC_BUILD_VERSION or by the older LC_VERSION_MIN_MACOSX."""
    name = path.name.encode() + b"\0"
    name += bytes(-len(name) % 8)
    commands = [struct.pack("<IIIIII", 0xD, 24 + len(name), 24, 1, 0x10000, 0x10000) + name]
    if minimum:
        version = minimum[0] << 16 | minimum[1] << 8
        new, old = struct.pack("<IIIIII", 0x32, 24, 1, version, version, 0), struct.pack("<IIII", 0x24, 16, version, 0)
        commands.append(old if old_command else new)
    size = 32 + 72 + sum(map(len, commands))
    commands.insert(0, struct.pack("<II16sQQQQIIII", 0x19, 72, b"__TEXT", 0, 4096, 0, size, 5, 5, 0, 0))
    header = struct.pack("<IIIIIIII", 0xFEEDFACF, MACHO_MACHINES[machine], 0, 6, len(commands), size - 32, 0x85, 0)
    path.write_bytes(header + b"".join(commands))
    return path
