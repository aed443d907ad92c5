"""Names as they stand in files."""

from __future__ import annotations

import re

_SAFE = re.compile(rb"[A-Za-z0-9._-]")


def encoded(name: str) -> str:
    """A leaf's name in a file name: each byte of its UTF-8 outside [A-Za-z0-9._-] as %XX."""
    parts = (bytes([byte]) for byte in name.encode())
    return "".join(part.decode() if _SAFE.match(part) else f"%{part[0]:02X}" for part in parts)
