"""From samples to a table: medians, ratios, Markdown, and the place in the page that the table is put into."""

from __future__ import annotations

import math
import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Pair = tuple[float, float]
"""Ours, and what it is held against, in one round."""
ENOUGH_ROUNDS = 3
_DIGITS = {"s": 2, "ms": 1, "MiB": 0}
_HEAD = ("what", "tsgen", "against", "ratio", "by round", "target", "")
_MARKED = re.compile(r"(<!-- measured: table -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Row:
    key: str
    title: str
    unit: str
    target: float
    """The ratio that is wanted: at most this."""


def summary(row: Row, pairs: Sequence[Pair] | str) -> dict[str, Any]:
    """A row's figures; where `pairs` is a sentence, why there are none."""
    known = {"key": row.key, "title": row.title, "unit": row.unit, "target": row.target}
    if isinstance(pairs, str):
        return {**known, "skipped": pairs}
    ours, against = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return {
        **known,
        "samples": [list(pair) for pair in pairs],
        "ours": ours,
        "against": against,
        "ratio": ours / against,
        "ratios": [first / second for first, second in pairs],
        "reached": ours / against <= row.target,
    }


def markdown(document: Mapping[str, Any]) -> str:
    """The table of a whole document, with the machine below it."""
    lines = [_HEAD, ("---",) * len(_HEAD), *(tuple(_cells(row)) for row in document["rows"])]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join((table, *_rounds(document["rounds"]), _machine(document["machine"]))) + "\n"


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    yield row["title"]
    if "skipped" in row:
        yield from ("", "", "", "", f"{row['target']:.2f}", f"not measured: {row['skipped']}")
        return
    yield from (_figure(row[side], row["unit"]) for side in ("ours", "against"))
    yield f"**{_ratio(row['ratio'], row['target'])}**"
    yield " to ".join(_ratio(pick(row["ratios"]), row["target"]) for pick in (min, max))
    yield f"{row['target']:.2f}"
    yield "reached" if row["reached"] else "missed"


def _figure(value: float, unit: str) -> str:
    return f"{value:.{_DIGITS[unit]}f} {unit}"


def _ratio(value: float, target: float) -> str:
    """With two digits, away from the target: 0.702 is not shown as the 0.70 that was wanted."""
    up = value > target
    return f"{(math.ceil if up else math.floor)(round(value * 100, 6)) / 100:.2f}"


def _rounds(rounds: int) -> Iterator[str]:
    many = "1 round" if rounds == 1 else f"{rounds} interleaved rounds"
    yield f"Medians of {many}; the ratio is that of the medians."
    if rounds < ENOUGH_ROUNDS:
        yield f"**Fewer than {ENOUGH_ROUNDS} rounds: a look, not a measurement.**"


def _machine(machine: Mapping[str, str]) -> str:
    return "\n".join(("| machine | |", "| --- | --- |", *(f"| {name} | {what} |" for name, what in machine.items())))


def put(page: str, table: str) -> str:
    """The page with the table between its marks; raises ValueError for a page without them."""
    if not _MARKED.search(page):
        raise ValueError(
            "expected the marks `<!-- measured: table -->` and `<!-- end -->`, each on a line; put them there"
        )
    return _MARKED.sub(lambda match: f"{match[1]}{table}{match[2]}", page, count=1)


def unmeasured(rows: Sequence[Row], document: Mapping[str, Any]) -> list[str]:
    """The keys of the table's rows that a document says nothing of, a reason included."""
    there = {row["key"] for row in document["rows"]}
    return [row.key for row in rows if row.key not in there]
