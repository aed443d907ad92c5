"""A build that failed for the machine's disk or clock, not for what is built: the tools speak in riddles."""

from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator


FULL_DISK = os.strerror(errno.ENOSPC)
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_NO_ROOM_BYTES = 1 << 16
_STILL_DIRTY = "still dirty after"
"""Ninja's words when CMake has configured again and again, and a file that it read is newer all the same."""


def fault(output: str, root: Path, folder: Path) -> tuple[str, str] | None:
    """Why it failed and what to do, if it was the machine; `output` is what CMake and all that it started printed."""
    if number := _of_the_disk(output, folder):
        words = files.reason(OSError(number, os.strerror(number)))
        return words.replace("its disk", f"the disk of {folder}, or of the folder for temporary files"), _ROOM
    if _STILL_DIRTY in output:
        return _of_the_clock(root)
    return None


_ROOM = "free some space, make the disk writable, or name another folder for temporary files with TMPDIR"


def _of_the_disk(output: str, folder: Path) -> int:
    """A linker whose output has no room is killed without a word."""
    said = next((number for number in _DISK if os.strerror(number) in output), 0)
    return said or (errno.ENOSPC if shutil.disk_usage(folder).free < _NO_ROOM_BYTES else 0)


def _of_the_clock(root: Path) -> tuple[str, str]:
    ahead = next(_from_the_future(root), None)
    if ahead:
        return f"{ahead} was changed in the future, by its time", f"`touch {ahead}`, and set the machine's clock"
    return "a file that CMake reads is newer than now, by its time", "set the machine's clock, then `touch` the file"


def _from_the_future(root: Path) -> Iterator[Path]:
    now = time.time()
    for parent, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent) / name for name in names):
            if path.lstat().st_mtime > now:
                yield path
