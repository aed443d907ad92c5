"""Files that are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import Problem

if TYPE_CHECKING:
    from pathlib import Path


def cannot_write(path: Path, error: OSError) -> Problem:
    return Problem(
        "write_failed",
        f"{path} cannot be written: {error.strerror or error}",
        "check that the folder is writable and the disk is not full",
    )
