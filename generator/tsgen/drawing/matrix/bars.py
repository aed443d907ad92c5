"""Times and sizes as bars, each with its number beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.console.meter import size
from tsgen.drawing.matrix import numbers
from tsgen.drawing.matrix.legs import emulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tsgen.types.matrix import LegResult, Measured

    Times = Callable[[Measured], tuple[float, float | None]]
    """The program's and Python's, in milliseconds."""

NOT_REAL = "emulated: tells nothing of real hardware"
_NO_PYTHON = "Python's was not measured"


@dataclass(frozen=True, kw_only=True)
class Bar:
    kind: str
    """A class of the style sheet."""
    title: str
    start: float
    width: float
    """Both in per cent."""
    said: str


@dataclass(frozen=True, kw_only=True)
class BarRow:
    result: LegResult
    bars: tuple[Bar, ...]
    said: str
    """The whole in words."""


def call(measured: Measured) -> tuple[float, float | None]:
    return measured.milliseconds, measured.python_milliseconds


def cold_start(measured: Measured) -> tuple[float, float | None]:
    return measured.cold_start_milliseconds, measured.python_cold_start_milliseconds


def times(legs: Sequence[LegResult], pick: Times) -> tuple[BarRow, ...]:
    """An emulator's time is said, not drawn: beside it the real ones would be specks."""
    found = [(leg, pick(leg.measured)) for leg in legs if leg.measured]
    longest = max((time for leg, pair in found if not emulated(leg) for time in pair if time), default=0.0)
    return tuple(_row(leg, *pair, longest) for leg, pair in found)


def _row(leg: LegResult, ours: float, python: float | None, longest: float) -> BarRow:
    if emulated(leg):
        return BarRow(result=leg, bars=(), said=f"{numbers.milliseconds(ours)}, {NOT_REAL}")
    pairs = [("ours", "C++", ours), *([("python", "Python", python)] if python else [])]
    bars = tuple(
        Bar(kind=kind, title=title, start=0, width=_share(time, longest), said=numbers.milliseconds(time))
        for kind, title, time in pairs
    )
    return BarRow(result=leg, bars=bars, said=said(leg, ours, python))


def said(leg: LegResult, ours: float, python: float | None) -> str:
    """A time against Python's, in words."""
    if emulated(leg):
        return NOT_REAL
    return numbers.ratio(ours, python) if python else _NO_PYTHON


def sizes(legs: Sequence[LegResult]) -> tuple[BarRow, ...]:
    found = [(leg, leg.measured) for leg in legs if leg.measured]
    largest = max((total(measured) for _, measured in found), default=0)
    return tuple(
        BarRow(result=leg, bars=tuple(_parts(measured, largest)), said=size(total(measured))) for leg, measured in found
    )


def total(measured: Measured) -> int:
    return measured.program_bytes + measured.model_bytes + measured.libtorch_bytes


def _parts(measured: Measured, largest: int) -> Iterable[Bar]:
    parts = (
        ("libtorch", "LibTorch", measured.libtorch_bytes),
        ("model", "model", measured.model_bytes),
        ("program", "program", measured.program_bytes),
    )
    start = 0.0
    for kind, title, number in parts:
        width = 100 * number / largest if largest else 0.0
        yield Bar(kind=kind, title=title, start=round(start, 2), width=round(width, 2), said=size(number))
        start += width


def _share(time: float, longest: float) -> float:
    return round(100 * time / longest, 2) if longest else 0.0
