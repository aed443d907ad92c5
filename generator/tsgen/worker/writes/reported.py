"""The names that are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import Writes

if TYPE_CHECKING:
    from collections.abc import Iterable


def of(state: Iterable[str], inputs: Iterable[str], order: Iterable[str]) -> Writes:
    """`order`: all leaves of the signature."""
    wanted = set(inputs)
    return Writes(tuple(sorted(set(state))), tuple(name for name in order if name in wanted))
