"""What is said (step, note, warning, command), apart from how it looks.

Stages call the module's functions; `cli` installs the console that fits: lines on a pipe, a live line on a terminal,
silence on stdout with --json. Without a terminal, what has begun is told on stderr. Tests get the default one, which
says nothing.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from tsgen.console.readable import harmless, readable
from tsgen.console.waiting import LABEL_WIDTH, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

SUMMARY_WIDTH = 84


class Console(Protocol):
    def begin(self, label: str) -> None: ...
    def progress(self, text: str) -> None: ...
    def end(self, label: str, summary: str, seconds: float) -> None: ...
    def abandon(self) -> None: ...
    def line(self, text: str) -> None: ...
    def note(self, text: str) -> None: ...
    def command(self, text: str) -> None: ...
    def detail(self, text: str) -> None: ...
    def output(self, text: str) -> None: ...
    def track(self, label: str, text: str) -> None: ...
    def untrack(self, label: str) -> None: ...


class Silent:
    """Says nothing."""

    def begin(self, label: str) -> None: ...
    def progress(self, text: str) -> None: ...
    def end(self, label: str, summary: str, seconds: float) -> None: ...
    def abandon(self) -> None: ...
    def line(self, text: str) -> None: ...
    def note(self, text: str) -> None: ...
    def command(self, text: str) -> None: ...
    def detail(self, text: str) -> None: ...
    def output(self, text: str) -> None: ...
    def track(self, label: str, text: str) -> None: ...
    def untrack(self, label: str) -> None: ...


class Piped(Silent):
    """On stderr, what has begun and what takes long; stdout is left alone."""

    def __init__(self) -> None:
        self._waiting, self._step = Waiting(), ""

    def begin(self, label: str) -> None:
        self._step = label
        self._waiting.begin(label)

    def progress(self, text: str) -> None:
        if self._step:
            self._waiting.now(self._step, text)

    def end(self, label: str, summary: str, seconds: float) -> None:  # noqa: ARG002 - the summary is of stdout
        self.abandon()

    def abandon(self) -> None:
        self._waiting.end(self._step)
        self._step = ""

    def track(self, label: str, text: str) -> None:
        self._waiting.begin(label, text)

    def untrack(self, label: str) -> None:
        if label != self._step:  # what was done beside it is the running step now
            self._waiting.end(label)


class Json(Piped):
    """As --json wants it: notes too go to stderr."""

    def note(self, text: str) -> None:
        print(f"note: {readable(text)}", file=sys.stderr)  # noqa: T201


class Lines(Piped):
    """A line when a step has ended: for pipes, logs and dumb terminals."""

    def __init__(self, *, verbose: bool = False) -> None:
        super().__init__()
        self._verbose = verbose

    def end(self, label: str, summary: str, seconds: float) -> None:
        super().end(label, summary, seconds)
        self.line(f"  {label:<{LABEL_WIDTH}} {summary:<{SUMMARY_WIDTH}} {seconds:5.1f} s")

    def line(self, text: str) -> None:
        print(harmless(text), flush=True)  # noqa: T201

    def note(self, text: str) -> None:
        self.line(f"  {'':<{LABEL_WIDTH}} note: {readable(text)}")

    def command(self, text: str) -> None:
        if self._verbose:
            self.line(f"  $ {text}")

    def detail(self, text: str) -> None:
        if self._verbose:
            self.line(f"  {'':<{LABEL_WIDTH}} {text}")


class Live(Lines):
    """The console of a terminal: a spinner, the time and what the step is doing, at its end replaced by its line."""

    def __init__(self, *, verbose: bool = False) -> None:
        super().__init__(verbose=verbose)
        from rich.console import Console as RichConsole  # noqa: PLC0415 - costs a tenth of a second, only terminals pay it
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[label]:<9} {task.description}", markup=False),
            TimeElapsedColumn(),
            console=RichConsole(highlight=False),
            transient=True,
        )
        self._task: TaskID | None = None
        self._tracked: dict[str, TaskID] = {}

    def begin(self, label: str) -> None:
        self._task = self._progress.add_task("", total=None, label=label)
        self._progress.start()

    def progress(self, text: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, description=text[:SUMMARY_WIDTH])

    def abandon(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        if not self._tracked:
            self._progress.stop()

    def track(self, label: str, text: str) -> None:
        if label not in self._tracked:
            self._tracked[label] = self._progress.add_task("", total=None, label=label)
            self._progress.start()
        self._progress.update(self._tracked[label], description=text[:SUMMARY_WIDTH])

    def untrack(self, label: str) -> None:
        self._progress.remove_task(self._tracked.pop(label))
        if not self._tracked and self._task is None:
            self._progress.stop()

    def line(self, text: str) -> None:
        self._progress.console.print(harmless(text), markup=False, soft_wrap=True)


class Beside(Silent):
    """The console of a thread that works beside a step: it has a live line of its own until `come_to_front`."""

    def __init__(self, label: str, outer: Console) -> None:
        self._label, self._outer = label, outer
        self._lock = Lock()
        self._tracked = self._in_front = False

    def progress(self, text: str) -> None:
        with self._lock:
            if self._in_front:
                self._outer.progress(text)
            else:
                self._tracked = True
                self._outer.track(self._label, text)

    def come_to_front(self) -> None:
        """Let what the thread does be what the running step does, from here on."""
        with self._lock:
            self._in_front = True
            if self._tracked:
                self._tracked = False
                self._outer.untrack(self._label)

    def line(self, text: str) -> None:
        self._outer.line(text)

    def note(self, text: str) -> None:
        self._outer.note(text)

    def command(self, text: str) -> None:
        self._outer.command(text)

    def detail(self, text: str) -> None:
        self._outer.detail(text)

    def output(self, text: str) -> None:
        self._outer.output(text)


current: ContextVar[Console] = ContextVar("console", default=Silent())  # noqa: B039 - it holds no state


def progress(text: str) -> None:
    """What the running step is doing now."""
    current.get().progress(text)


def note(text: str) -> None:
    """Something the user should know that is not a failure."""
    current.get().note(text)


def line(text: str) -> None:
    current.get().line(text)


def table(head: list[str], rows: list[list[str]]) -> None:
    """Lines with the columns under one another; nothing is cut off, however narrow the terminal."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        current.get().line("  " + "  ".join(map(str.ljust, row, widths)).rstrip())


def command(text: str) -> None:
    """The exact command of a subprocess, shown with -v."""
    current.get().command(text)


def detail(text: str) -> None:
    """Told with -v only."""
    current.get().detail(text)


def output(text: str) -> None:
    """A line that a tool printed: only the log of a leg keeps it."""
    current.get().output(text)


def track(label: str, text: str) -> None:
    """What one of several things that are done at a time does now; on a terminal each has a live line."""
    current.get().track(label, text)


def untrack(label: str) -> None:
    """It is done. It was tracked."""
    current.get().untrack(label)


class Step:
    """One line of the table; `done` gives it its summary."""

    def __init__(self) -> None:
        self.summary = ""
        self.up_to_date = False

    def done(self, *parts: str) -> None:
        self.summary = " · ".join(part for part in parts if part)

    def nothing_to_do(self, *parts: str) -> None:
        self.up_to_date = True
        self.done(*parts, "up to date")


class Steps:
    """The table of one run: seconds by step, and which steps had nothing to do."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self.up_to_date: list[str] = []

    @contextmanager
    def __call__(self, label: str) -> Iterator[Step]:
        console, step, begun = current.get(), Step(), time.monotonic()
        console.begin(label)
        try:
            yield step
        except BaseException:
            console.abandon()
            raise
        seconds = time.monotonic() - begun
        console.end(label, step.summary, seconds)
        self.timings[label.lower()] = round(seconds, 3)
        if step.up_to_date:
            self.up_to_date.append(label.lower())
