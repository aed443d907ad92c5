"""`did you mean`, and words in sentences."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def did_you_mean(word: str, known: Iterable[str], *, count: int = 3) -> str:
    """`did you mean 'resnet18' or 'resnet50'?`, or nothing when nothing is near."""
    by_folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), list(by_folded), n=count, cutoff=0.6)
    return f"did you mean {either([repr(by_folded[name]) for name in near])}?" if near else ""


def either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def format_names(words: Iterable[str], *, most: int = 10) -> str:
    """`a, b, c and 4 more`."""
    listed = list(words)
    rest = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + rest
