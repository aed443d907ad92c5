"""Where the shared libraries of a LibTorch are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# In an environment of conda on Windows the DLLs are in bin.
_FOLDERS = ("lib", "bin")
_FILES = ("lib{}.so", "lib{}.dylib", "{}.dll")


def library(root: Path, name: str) -> Path | None:
    """The shared library `name`, such as `c10`, of a LibTorch for any platform."""
    places = (root / folder / file.format(name) for folder in _FOLDERS for file in _FILES)
    return next((place for place in places if place.is_file()), None)
