"""A project of tsgen 0.1.0 to migrate: README.md says how it was made."""

from __future__ import annotations

import tarfile
from pathlib import Path

NAME = "old-app"
_ARCHIVE = Path(__file__).parent / f"{NAME}.tar.xz"


def unpack(parent: Path) -> Path:
    """The root of the project, unpacked into `parent`."""
    with tarfile.open(_ARCHIVE) as archive:
        archive.extractall(parent)  # noqa: S202 - it is our own
    return parent / NAME
