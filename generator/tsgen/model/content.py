"""What a file is by its content, whatever it is called."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_program(path: Path) -> bool:
    """Whether it is an archive with a program of TorchScript or torch.export in it; nothing is unpickled."""
    try:
        with path.open("rb") as stream:
            if stream.read(2) != b"PK":
                return False
        with zipfile.ZipFile(path) as archive:
            inner = {name.partition("/")[2] or name for name in archive.namelist()}
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False
    if "constants.pkl" in inner:
        return any(name.startswith("code/") for name in inner)
    return any(
        (name.startswith("models/") and name.endswith(".json")) or name == "serialized_exported_program.json"
        for name in inner
    )
