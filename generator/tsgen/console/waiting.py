"""What has begun and what is being waited for, on stderr: for those who have no terminal to see it on."""

from __future__ import annotations

import sys
from contextlib import suppress
from threading import Lock, Timer

LABEL_WIDTH = 9
SECONDS = 10
"""Until the first word; each later one comes after twice the time, but not more than a minute after the last."""
_LONGEST = 60


class Waiting:
    """Several things at a time, each by its label. What ends in time is told of once, when it begins."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._doing: dict[str, str] = {}
        self._timers: dict[str, Timer] = {}

    def begin(self, label: str, doing: str = "") -> None:
        with self._lock:
            known = label in self._timers
            self._doing[label] = doing
            if not known:
                self._await(label, 0, SECONDS)
        if not known:
            _say(label, "started")

    def now(self, label: str, doing: str) -> None:
        with self._lock:
            self._doing[label] = doing

    def end(self, label: str) -> None:
        with self._lock:
            if timer := self._timers.pop(label, None):
                timer.cancel()
            self._doing.pop(label, None)

    def _await(self, label: str, waited: int, seconds: int) -> None:
        timer = Timer(seconds, self._tell, [label, waited + seconds])
        timer.daemon = True
        self._timers[label] = timer
        timer.start()

    def _tell(self, label: str, waited: int) -> None:
        with self._lock:
            if label not in self._timers:
                return
            doing = self._doing[label]
            self._await(label, waited, min(waited, _LONGEST))
        _say(label, f"still at work after {waited} s{f': {doing}' if doing else ''}")


def _say(label: str, text: str) -> None:
    if sys.stderr:
        with suppress(OSError):  # nobody reads it
            print(f"  {label:<{LABEL_WIDTH}} {text}", file=sys.stderr, flush=True)  # noqa: T201
