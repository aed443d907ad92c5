"""The bytes of the weights, out of the object file that Inductor makes of them for the linker of this machine."""

from __future__ import annotations

import struct
from typing import NamedTuple

_MAGIC = b"\x7fELF\x02\x01"
"""64 bits, little-endian."""
_BEGIN, _END = b"_binary_constants_bin_start", b"_binary_constants_bin_end"
_SYMBOLS = 2
"""The type of the section with them."""


class _Section(NamedTuple):
    kind: int
    offset: int
    size: int
    link: int


def of_object(data: bytes) -> bytes:
    """What lies between the two symbols. Raises ValueError for an object of another form."""
    if not data.startswith(_MAGIC):
        raise ValueError("it is no ELF object of 64 bits")
    sections = _sections(data)
    found = _symbols(data, sections)
    if _BEGIN not in found or _END not in found:
        raise ValueError("it does not say where the weights begin and end")
    (place, begin), (_, end) = found[_BEGIN], found[_END]
    section = sections[place]
    if not begin <= end <= section.size:
        raise ValueError("its weights end outside of their section")
    return data[section.offset + begin : section.offset + end]


def _sections(data: bytes) -> list[_Section]:
    (table,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    headers = (struct.unpack_from("<IIQQQQI", data, table + size * index) for index in range(count))
    return [_Section(header[1], header[4], header[5], header[6]) for header in headers]


def _symbols(data: bytes, sections: list[_Section]) -> dict[bytes, tuple[int, int]]:
    """The section and the place in it of each symbol."""
    table = next((section for section in sections if section.kind == _SYMBOLS), None)
    if table is None:
        return {}
    names = sections[table.link].offset
    found = {}
    for offset in range(table.offset, table.offset + table.size, 24):
        name, _, _, place, value = struct.unpack_from("<IBBHQ", data, offset)
        found[data[names + name : data.index(b"\0", names + name)]] = (place, value)
    return found
