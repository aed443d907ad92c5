"""Texts for people that quote what a file says, whoever wrote it."""

from __future__ import annotations

import re

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it, but tab and line feed; and halves of characters."""
_LONG = re.compile(r"\S{400,}")
_BEGIN, _END = 160, 80
_MOST = 2000


def harmless(text: str) -> str:
    r"""With `\x1b` where an escape character was."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def readable(text: str) -> str:
    """Harmless, and without words of thousands of characters."""
    short = _LONG.sub(lambda found: f"{found[0][:_BEGIN]}...{found[0][-_END:]}", harmless(text))
    return short if len(short) <= _MOST else f"{short[: _MOST - _END].rpartition(' ')[0]} ... {short[-_END:]}"
