"""Shared libraries with operators that LibTorch lacks: loaded for the export, found for a file, shipped beside it."""

from __future__ import annotations

from .beside import bring, is_registered, missing
from .finding import Found, Library, found_in, unknown
from .loading import load, watch
from .shipping import FOLDER, ship, user_files

__all__ = [
    "FOLDER",
    "Found",
    "Library",
    "bring",
    "found_in",
    "is_registered",
    "load",
    "missing",
    "ship",
    "unknown",
    "user_files",
    "watch",
]
