"""The words of `tsgen test --bisect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types.bisection import Bisection
    from tsgen.worker.messages.bisection import Comparison

_DEMANDS = {"exact": "to the last bit", "tolerance": "within the tolerance", "floor": "within the noise"}
_WIDTH = len("cannot follow")


def tell(found: Bisection) -> None:
    call = f" of the method {found.method}" if found.method else ""
    console.line(f"  case {found.case}{call}, {_DEMANDS[found.demand]}")
    for comparison in found.comparisons:
        console.line(f"  {comparison.expected} and {comparison.actual}")
        for head, words in _rows(comparison):
            console.line(f"    {head.ljust(_WIDTH)}  {words}")
    for note in found.notes:
        console.note(note)
    console.line(f"  {_conclusion(found)}")


def _rows(comparison: Comparison) -> Iterator[tuple[str, str]]:
    if comparison.differs:
        if comparison.before:
            yield "agree up to", str(comparison.before)
        yield "differ from", str(comparison.differs)
        yield "by", str(comparison.gap)
    else:
        yield "agree on", f"{comparison.operators} operators"
    if comparison.lost:
        yield "cannot follow", comparison.lost
    if comparison.answers:
        yield "answers", comparison.answers


def _conclusion(found: Bisection) -> str:
    first = next((each for each in found.comparisons if not each.agree), None)
    if first is None:
        return "no operator differs"
    if first.differs:
        return f"the first operator that differs: {first.differs}"
    return f"the answers of {first.expected} and {first.actual} differ, but no operator that could be compared does"
