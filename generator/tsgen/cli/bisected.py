"""The words of `tsgen test --bisect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen import console

if TYPE_CHECKING:
    from tsgen.types.bisection import Bisection, Comparison


def tell(found: Bisection) -> None:
    call = f" (method {found.method})" if found.method else ""
    console.line(f"  case {found.case}{call}, {_DEMANDS[found.demand]}")
    for comparison in found.comparisons:
        console.line(f"  {comparison.expected} and {comparison.actual}: {_verdict(comparison)}")
        if comparison.lost:
            console.line(f"    not all could be put side by side. {comparison.lost}")
        if comparison.answers:
            console.line(f"    the answer: {comparison.answers}")
    for note in found.notes:
        console.note(note)
    console.line(f"  {_conclusion(found)}")


_DEMANDS = {"exact": "to the last bit", "tolerance": "within the tolerance"}


def _verdict(comparison: Comparison) -> str:
    if comparison.differs:
        before = f"agree up to {comparison.before}; " if comparison.before else ""
        return f"{before}differ from {comparison.differs} on: {comparison.gap}"
    agree = f"{comparison.operators} operators agree"
    return f"{agree}, but the answers differ" if comparison.answers else agree


def _conclusion(found: Bisection) -> str:
    first = next((each for each in found.comparisons if not each.agree), None)
    if first is None:
        return "no operator differs"
    if first.differs:
        return f"the first operator that differs: {first.differs}"
    return "the answers differ, but no operator that could be compared does"
