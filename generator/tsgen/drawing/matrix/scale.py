"""Where a difference stands on a logarithmic axis on which zero, too, has its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Per cent of the width. Zero stands apart, for no logarithm reaches it; so does what cannot be compared.
ZERO, FIRST, LAST, NOWHERE = 9.0, 24.0, 84.0, 94.0
_USUAL = (-9, -1)
"""The decades that are shown when nothing asks for others."""
_MOST_TICKS = 5


@dataclass(frozen=True, kw_only=True)
class Scale:
    low: int
    high: int
    """Powers of ten."""

    def place(self, difference: float) -> float:
        """Per cent of the width."""
        if difference <= 0:
            return ZERO
        share = (math.log10(difference) - self.low) / (self.high - self.low)
        return round(FIRST + min(max(share, 0.0), 1.0) * (LAST - FIRST), 2)

    @property
    def ticks(self) -> tuple[int, ...]:
        step = max(1, math.ceil((self.high - self.low) / _MOST_TICKS))
        return tuple(range(self.low, self.high + 1, step))


def scale(differences: Iterable[float]) -> Scale:
    """Whole decades that hold them all."""
    powers = [math.log10(each) for each in differences if each > 0]
    if not powers:
        return Scale(low=_USUAL[0], high=_USUAL[1])
    low, high = math.floor(min(powers)), math.ceil(max(powers))
    return Scale(low=min(low, high - 1), high=high)
