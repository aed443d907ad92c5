"""What one of several legs says: into its log, and its step on the live line of the terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from tsgen import console

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LegConsole(console.Silent):
    def __init__(self, name: str, log: TextIO, outer: console.Console) -> None:
        self._name, self._log, self._outer = name, log, outer
        self._label = ""

    @classmethod
    @contextmanager
    def opened(cls, name: str, log: Path) -> Iterator[None]:
        """While it is, all that this thread says goes there."""
        outer = console.current.get()
        with log.open("w", encoding="utf-8", buffering=1) as stream:
            token = console.current.set(cls(name, stream, outer))
            outer.track(name, "")
            try:
                yield
            finally:
                console.current.reset(token)
                outer.untrack(name)

    def begin(self, label: str) -> None:
        self._label = label.lower()
        self.output(f"== {label}")
        self._outer.track(self._name, self._label)

    def progress(self, text: str) -> None:
        self._outer.track(self._name, f"{self._label}  {text}")

    def end(self, label: str, summary: str, seconds: float) -> None:
        self.output(f"== {label}: {summary} ({seconds:.1f} s)")

    def line(self, text: str) -> None:
        self.output(text)

    def note(self, text: str) -> None:
        self.output(f"note: {text}")

    def command(self, text: str) -> None:
        self.output(f"$ {text}")

    def detail(self, text: str) -> None:
        self.output(text)

    def output(self, text: str) -> None:
        self._log.write(f"{text}\n")
