"""Names as they stand in files."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SAFE = re.compile(rb"[A-Za-z0-9._-]")
_ELEMENTS = "*"


def encoded(name: str) -> str:
    """A value's name in a file name: each byte of its UTF-8 outside [A-Za-z0-9._-] as %XX.

    A part of the path that is `*`, which stands for every element of a list, stays so: no file has it.
    """
    return ".".join(part if part == _ELEMENTS else _encoded(part) for part in name.split("."))


def decoded(name: str) -> str:
    """What `encoded` was made from."""
    return unquote(name)


def _encoded(part: str) -> str:
    letters = (bytes([byte]) for byte in part.encode())
    return "".join(letter.decode() if _SAFE.match(letter) else f"%{letter[0]:02X}" for letter in letters)
