"""Zips: shaped as those that PyTorch publishes, and such as nobody should unpack."""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LINK = stat.S_IFLNK | 0o777
PROGRAM = stat.S_IFREG | 0o755


@dataclass(frozen=True)
class Entry:
    name: str
    content: bytes = b""
    mode: int = stat.S_IFREG | 0o644


LIBTORCH = (
    Entry("libtorch/", mode=stat.S_IFDIR | 0o755),
    Entry("libtorch/build-version", b"2.14.1+cpu\n"),
    Entry("libtorch/lib/libc10.so", b"\x7fELF c10"),
    Entry("libtorch/lib/libtorch_cpu.so.2", b"\x7fELF torch_cpu" * 1000),
    Entry("libtorch/lib/libtorch_cpu.so", b"libtorch_cpu.so.2", LINK),
    Entry("libtorch/include/torch/script.h", b"#pragma once\n"),
    Entry("libtorch/share/cmake/Torch/TorchConfig.cmake", b"# config\n"),
    Entry("libtorch/bin/torch_shm_manager", b"\x7fELF", PROGRAM),
)


def zipped(entries: Iterable[Entry] = LIBTORCH) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name)
            info.external_attr = entry.mode << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if entry.name.endswith("/") else zipfile.ZIP_DEFLATED
            opened.writestr(info, entry.content)
    return buffer.getvalue()


def write_zip(path: Path, *entries: Entry) -> Path:
    path.write_bytes(zipped(entries))
    return path


def without_top(entries: Iterable[Entry] = LIBTORCH) -> list[Entry]:
    """As in the zips for Windows on ARM."""
    names = ((entry, entry.name.removeprefix("libtorch/")) for entry in entries)
    return [Entry(name, entry.content, entry.mode) for entry, name in names if name]


def patched(archive: Path, at: bytes, offset: int, value: bytes, *, last: bool = True) -> Path:
    """Overwrite bytes at `offset` from the last (or first) header that begins with the signature `at`."""
    content = bytearray(archive.read_bytes())
    begin = (content.rfind(at) if last else content.find(at)) + offset
    content[begin : begin + len(value)] = value
    archive.write_bytes(content)
    return archive


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
