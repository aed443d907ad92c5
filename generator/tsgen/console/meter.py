"""How far something long is, in words: `312 of 501 MB · 48 MB/s · 4 s left`."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from tsgen import console

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("bytes", 1.0))
# Speed is that of the last seconds: an average over an hour would not notice that the line has died.
WINDOW_SECONDS = 5.0
FIRST_GUESS_SECONDS = 0.5
BETWEEN_TEXTS_SECONDS = 0.2
BAR_WIDTH = 12


class Meter:
    """Bytes done of `total`, None when nobody knows it. `doing` goes before them: `unpack 312 of 501 MB`."""

    def __init__(self, total: int | None, *, doing: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._doing = doing
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque()
        self._next_text = 0.0

    def tell(self, done: int) -> None:
        """Show `text(done)` as what the running step is doing, a few times in a second at most."""
        now = self._clock()
        if now >= self._next_text:
            self._next_text = now + BETWEEN_TEXTS_SECONDS
            console.progress(f"{self._bar(done)}{self.text(done)}")

    def text(self, done: int) -> str:
        speed = self._speed(done)
        parts = [f"{self._doing} {_amount(done, self._total)}".strip()]
        if speed:
            parts.append(f"{size(speed)}/s")
        if speed and self._total is not None:
            parts.append(f"{_duration(max(self._total - done, 0) / speed)} left")
        return " · ".join(parts)

    def _bar(self, done: int) -> str:
        """`━━━───`; nothing where the total is not known."""
        if not self._total:
            return ""
        full = min(BAR_WIDTH, BAR_WIDTH * done // self._total)
        return "━" * full + "─" * (BAR_WIDTH - full) + " "

    def _speed(self, done: int) -> float:
        """Bytes in a second; 0 as long as it would be a guess."""
        now = self._clock()
        self._samples.append((now, done))
        while len(self._samples) > 2 and self._samples[1][0] <= now - WINDOW_SECONDS:  # noqa: PLR2004 - one must be older
            self._samples.popleft()
        since, before = self._samples[0]
        return max(done - before, 0) / (now - since) if now - since >= FIRST_GUESS_SECONDS else 0.0


def size(number: float) -> str:
    """`501 MB`, `5.8 GB`: decimal units, as download pages and disks are labelled."""
    unit, factor = _unit(number)
    return f"{_number(number, unit, factor)} {unit}"


def _amount(done: int, total: int | None) -> str:
    if total is None:
        return size(done)
    unit, factor = _unit(total)
    return f"{_number(done, unit, factor)} of {size(total)}"


def _unit(number: float) -> tuple[str, float]:
    return next(((unit, factor) for unit, factor in UNITS if number >= factor), UNITS[-1])


def _number(number: float, unit: str, factor: float) -> str:
    value = number / factor
    small = unit != "bytes" and 0 < value < 10  # noqa: PLR2004 - then a digit more says something
    return f"{value:.1f}" if small or unit == "GB" else f"{value:.0f}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
