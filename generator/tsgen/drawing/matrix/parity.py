"""The largest error of each output on each leg: one panel for an output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.drawing.matrix import numbers
from tsgen.drawing.matrix.scale import NOWHERE, Scale, scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tsgen.types import OutputParity
    from tsgen.types.matrix import LegResult

MOST = 8
"""Panels; a detector or an encoder may have fifty outputs."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    place: float
    """Per cent of the width."""
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One leg in one panel."""

    result: LegResult
    marks: tuple[Mark, ...]
    """One for each case, the worst last."""
    said: str
    """Of the worst."""
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The part of a tolerance that does not grow with the value."""

    dtypes: str
    absolute: float
    relative: float
    place: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    output: str
    strips: tuple[Strip, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, kw_only=True)
class Parity:
    scale: Scale
    panels: tuple[Panel, ...]
    left_out: int
    """Outputs without a panel; their errors are no larger than those shown."""
    reasons: tuple[str, ...]
    """Why a demand is a tolerance."""
    nowhere: bool
    """Whether something could not be compared, and stands apart."""


def parity(legs: Sequence[LegResult]) -> Parity:
    outputs = list(dict.fromkeys(each.output for leg in legs for each in _cases(leg)))
    ranked = sorted(outputs, key=lambda output: _severity(_of(legs, output)), reverse=True)
    drawn = [output for output in outputs if output in ranked[:MOST]]
    axis = scale([*_errors(legs), *(absolute for _, absolute, _ in _limits(legs))])
    return Parity(
        scale=axis,
        panels=tuple(_panel(output, legs, axis) for output in drawn),
        left_out=len(outputs) - len(drawn),
        nowhere=not all(_comparable(each) for leg in legs for each in _cases(leg)),
        reasons=tuple(dict.fromkeys(leg.parity.reason for leg in legs if leg.parity and leg.parity.reason)),
    )


def worst(results: Iterable[OutputParity]) -> OutputParity | None:
    """What failed, before what differs most."""
    return max(results, key=_rank, default=None)


def _rank(result: OutputParity) -> tuple[bool, bool, float]:
    return not result.passed, not _comparable(result), result.max_abs or 0.0


def _severity(results: Iterable[OutputParity]) -> tuple[bool, bool, float]:
    return max(map(_rank, results))


def _comparable(result: OutputParity) -> bool:
    """What failed without a difference has a problem, or NaN in another place."""
    return result.passed or bool(result.max_abs)


def _cases(leg: LegResult) -> tuple[OutputParity, ...]:
    return leg.parity.cases if leg.parity else ()


def _of(legs: Iterable[LegResult], output: str) -> list[OutputParity]:
    return [each for leg in legs for each in _cases(leg) if each.output == output]


def _errors(legs: Iterable[LegResult]) -> Iterator[float]:
    return (each.max_abs for leg in legs for each in _cases(leg) if each.max_abs)


def _limits(legs: Iterable[LegResult]) -> Iterator[tuple[str, float, float]]:
    found = {
        (dtype, each.atol, each.rtol) for leg in legs if leg.parity for dtype, each in leg.parity.tolerance.items()
    }
    return iter(sorted(found, key=lambda limit: (limit[1], limit[0])))


def _panel(output: str, legs: Sequence[LegResult], axis: Scale) -> Panel:
    strips = (_strip(leg, output, axis) for leg in legs)
    dtypes = {each.dtype for each in _of(legs, output) if each.dtype}
    return Panel(output=output, strips=tuple(strip for strip in strips if strip), limits=_lines(legs, dtypes, axis))


def _lines(legs: Sequence[LegResult], dtypes: set[str], axis: Scale) -> tuple[Limit, ...]:
    """Those of the output's dtypes, all when nobody says which it has; dtypes with the same tolerance share a line."""
    together: dict[tuple[float, float], list[str]] = {}
    for dtype, absolute, relative in _limits(legs):
        if not dtypes or dtype in dtypes:
            together.setdefault((absolute, relative), []).append(dtype)
    return tuple(
        Limit(dtypes=", ".join(same), absolute=absolute, relative=relative, place=axis.place(absolute))
        for (absolute, relative), same in together.items()
    )


def _strip(leg: LegResult, output: str, axis: Scale) -> Strip | None:
    results = sorted(_of([leg], output), key=_rank)
    if not results:
        return None
    marks = tuple(Mark(place=_place(each, axis), passed=each.passed) for each in results)
    return Strip(result=leg, marks=marks, said=numbers.compared(results[-1]), passed=results[-1].passed)


def _place(result: OutputParity, axis: Scale) -> float:
    return axis.place(result.max_abs or 0.0) if _comparable(result) else NOWHERE
