"""How a leaf's name is written into file names and into the text formats.

tsgen has it from signature_text.py.
"""

from __future__ import annotations

import string

_PLAIN = frozenset((string.ascii_letters + string.digits + "._-").encode())


def encode(name: str) -> str:
    """Every UTF-8 byte outside [A-Za-z0-9._-] as %XX; a part of a path that is `*` stays: the elements of a list."""
    return ".".join(part if part == "*" else _encoded(part) for part in name.split("."))


def _encoded(name: str) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in name.encode("utf-8", "surrogatepass"))
