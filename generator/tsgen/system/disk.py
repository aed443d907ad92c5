"""Whether there is room, asked before gigabytes are written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tsgen.console.meter import size
from tsgen.errors import LibTorchError

if TYPE_CHECKING:
    from pathlib import Path


class DiskError(LibTorchError):
    """The disk is at fault, not what was to be written: worth another try once there is room."""


def require(folder: Path, needed: int, what: str) -> None:
    """Raises DiskError when the disk of `folder`, which exists, has less than `needed` bytes free for `what`."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskError(
            f"{what} needs {size(needed)}, and {size(free)} are free on the disk of {folder}",
            hint="free some space, or move tsgen's store to another disk with TSGEN_STORE",
        )
