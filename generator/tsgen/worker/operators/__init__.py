"""Shared libraries with operators that LibTorch lacks: loaded for the export, found for a file, shipped beside it."""

from __future__ import annotations

from .finding import Found, Library, found_in, unknown
from .loading import import_known, load, watch
from .shipping import FOLDER, ship, user_files

__all__ = ["FOLDER", "Found", "Library", "found_in", "import_known", "load", "ship", "unknown", "user_files", "watch"]
