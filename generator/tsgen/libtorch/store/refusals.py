"""What to say when the store cannot be written."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tsgen.console.meter import size
from tsgen.system import files
from tsgen.system.disk import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_HINTS = {
    True: "free some space (`tsgen libtorch prune`), or move the store to another disk with TSGEN_STORE",
    False: "name a folder that you may write to with TSGEN_STORE",
}


@contextmanager
def explaining(store: Path, stage: Path | None = None, *, doing: str = "write to") -> Iterator[None]:
    """Turn an OSError into a DiskError that says why `store` could not be written, or what else was tried.

    `stage` is the folder that was being filled: how much came before the disk was full helps to guess what is needed.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise  # of a library, about something else than files
        full = error.errno in _FULL
        room = _room(store, stage) if full else ""
        raise DiskError(f"cannot {doing} the store {store}: {files.reason(error)}{room}", hint=_HINTS[full]) from error


def _room(store: Path, stage: Path | None) -> str:
    written = f" after {size(files.disk_usage(stage))} were written" if stage else ""
    return f"{written}; {size(_free(store))} are free"


def _free(store: Path) -> int:
    place = next(each for each in (store, *store.parents) if each.is_dir())
    return shutil.disk_usage(place).free
