"""The rows of the table, and how each is measured in a round."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from benchmarks import sides
from benchmarks.bench import MODEL, OTHER_MODEL, Bench
from benchmarks.measure import PROC, alternating, in_turn
from benchmarks.table import Pair, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

CLICKS, SPARE = 3.0, 0.2
"""What a build with nothing to do may take: so many times `import click`, and so many seconds."""


class Skipped(Exception):  # noqa: N818 - it is no error
    """A row that this machine cannot measure; says why."""


class Round:
    """One round: projects of both sides in folders of their own, with caches that nothing is in."""

    def __init__(self, bench: Bench, number: int) -> None:
        self.bench, self.number = bench, number
        self.folder = bench.folder / f"round-{number}"
        self.folder.mkdir()
        self.cache, self.project = self.folder / "cache", self.folder / "ours" / "first"
        self.hand = self.folder / "by-hand"

    @cached_property
    def first(self) -> Pair:
        """The first project of both sides; most of the other rows go on from there."""
        return in_turn(
            self.number,
            lambda: sides.new(self.project, MODEL, self.cache).seconds,
            lambda: sides.by_hand(self.bench, self.hand, MODEL).seconds,
        )

    @property
    def program(self) -> Path:
        return self.project / "build" / "release" / self.project.name

    @property
    def model(self) -> Path:
        return self.project / "model" / "model.pt"


def first(now: Round) -> Pair:
    return now.first


def second(now: Round) -> Pair:
    """The first project has filled the compile cache; the tutorial has none."""
    _make(now)
    return in_turn(
        now.number,
        lambda: sides.new(now.folder / "ours" / "second", OTHER_MODEL, now.cache).seconds,
        lambda: sides.by_hand(now.bench, now.folder / "by-hand-again", OTHER_MODEL).seconds,
    )


def edit(now: Round) -> Pair:
    _make(now)
    mark, build = f"edited {now.number}", now.hand / "build"
    for source in (now.project / "src" / "main.cpp", now.hand / "example-app.cpp"):
        sides.edit(source, mark)
    cmake, ours = now.bench.cmake, now.program
    return in_turn(
        now.number,
        lambda: sides.rebuilt(cmake, ours.parent, (ours,), mark, now.cache),
        lambda: sides.rebuilt(cmake, build, ("./example-app", "../model.pt"), mark, now.cache),
    )


def no_op(now: Round) -> Pair:
    _make(now)
    sides.no_op(now.project, now.cache)  # after an edit the first has something to do
    ours, click = alternating(
        now.bench.repeats, lambda: sides.no_op(now.project, now.cache), lambda: sides.import_click(now.folder)
    )
    return ours, CLICKS * click + SPARE


def export(now: Round) -> Pair:
    return in_turn(now.number, lambda: sides.export(now.folder, now.cache), lambda: sides.export_by_hand(now.folder))


def configure(now: Round) -> Pair:
    stock = now.bench.stock
    root, cmake = stock.root, now.bench.cmake
    if not root:
        raise Skipped(stock.words)
    _make(now)
    return alternating(
        now.bench.repeats,
        lambda: sides.configure(cmake, now.project, now.cache),
        lambda: sides.configure_by_hand(cmake, root, now.folder / "stock"),
    )


def memory(now: Round) -> Pair:
    """A whole job of each side once more, since who is watched is slower."""
    if not (PROC / "self" / "smaps_rollup").is_file():
        raise Skipped("the memory of a process is read from Linux's smaps_rollup, which is not here")
    return in_turn(
        now.number,
        lambda: sides.new(now.folder / "watched" / "first", MODEL, now.folder / "cache-2", watched=True).peak,
        lambda: sides.by_hand(now.bench, now.folder / "by-hand-watched", MODEL, watched=True).peak,
    )


def latency_to_eager(now: Round) -> Pair:
    _make(now)
    calls = now.bench.calls
    return alternating(
        now.bench.repeats,
        lambda: sides.latency(now.project, calls),
        lambda: sides.latency_of_eager(now.folder, calls),
    )


def latency_to_tutorial(now: Round) -> Pair:
    _make(now)
    calls, theirs = now.bench.calls, now.hand / "model.pt"
    return alternating(
        now.bench.repeats,
        lambda: sides.latency(now.project, calls),
        lambda: sides.latency_by_hand(now.bench.bare, theirs, calls),
    )


def start(now: Round) -> Pair:
    """Both read the same file."""
    _make(now)
    return alternating(
        now.bench.repeats * 3,
        lambda: sides.start(now.program, cwd=now.folder),
        lambda: sides.start(now.bench.bare, now.model, cwd=now.folder),
    )


def _make(now: Round) -> None:
    """Makes the first projects where a round has only some rows."""
    _ = now.first


def _row(key: str, unit: str, target: float, title: str) -> Row:
    return Row(key=key, title=title, unit=unit, target=target)


MEASURES: Mapping[Row, Callable[[Round], Pair]] = {
    _row("new", "s", 0.70, f"`tsgen new` of {MODEL}, nothing cached / by hand"): first,
    _row("second", "s", 0.40, f"a second project, {OTHER_MODEL}, compile cache warm / by hand"): second,
    _row("edit", "s", 0.10, "edit `src/main.cpp`, rebuild, run / the same with the tutorial's program"): edit,
    _row("no-op", "s", 1.00, '`tsgen build`, nothing to do / 3.0 x `python -c "import click"` + 0.2 s'): no_op,
    _row("export", "s", 1.10, "`tsgen export` / the tutorial's export script"): export,
    _row("configure", "s", 0.15, "configure / with stock `find_package(Torch)` for the CPU"): configure,
    _row("memory", "MiB", 1.00, "peak memory of the whole job / by hand"): memory,
    _row("latency-eager", "ms", 0.97, "a call, batch 1, one thread / eager Python"): latency_to_eager,
    _row("latency-tutorial", "ms", 1.02, "a call, batch 1, one thread / the tutorial's program"): latency_to_tutorial,
    _row("start", "s", 1.05, "the program's start to its first answer / the bare program's"): start,
}
ROWS = tuple(MEASURES)


def named(keys: Iterable[str]) -> tuple[Row, ...]:
    """The rows of these keys in the table's order; raises ValueError for a key that no row has."""
    wanted = set(keys)
    if unknown := sorted(wanted - {row.key for row in ROWS}):
        raise ValueError(f"there is no row {', '.join(unknown)}; the rows are {', '.join(row.key for row in ROWS)}")
    return tuple(row for row in ROWS if row.key in wanted)
