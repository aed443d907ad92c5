"""Zip archives that are given: whatever is wrong with one is a file that is damaged."""

from __future__ import annotations

import contextlib
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from ..messages import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..messages import FailureKind

_CHUNK = 1 << 22
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError),
    RuntimeError,  # an entry that says it is encrypted, or compressed in a way that Python lacks
)
_HINT = "copy the file again from where it came; or save the model again"


@contextlib.contextmanager
def opened(path: Path, kind: FailureKind = "bad_file") -> Iterator[zipfile.ZipFile]:
    """The archive, whose entries are read inside. Raises Problem for one that cannot be, or not wholly."""
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                # Nothing is compared then: torch.serialization.set_crc32_options(False) writes no checksums.
                entry.CRC = entry.CRC or None  # type: ignore[assignment]
            yield archive
    except _DAMAGED as error:
        raise Problem(kind, f"{path} is truncated or damaged: {_why(error)}", _HINT) from error


def check(path: Path, kind: FailureKind = "bad_file") -> None:
    """Raises Problem unless every entry is what its checksum says: torch itself does not look at them."""
    with opened(path, kind) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                while stream.read(_CHUNK):
                    pass


def _why(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return text[:200] or type(error).__name__
