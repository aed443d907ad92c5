"""How many legs ended in each state, where they stand, and why some are not proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.types.matrix import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tsgen.types.matrix import LegResult, State

Column = tuple[str, str]
"""Version of LibTorch, build type."""


@dataclass(frozen=True, kw_only=True)
class Count:
    state: State
    word: str
    legs: int


@dataclass(frozen=True, kw_only=True)
class Row:
    title: str
    cells: tuple[LegResult | None, ...]
    """One for each column; None where the matrix has no leg."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    versions: tuple[tuple[str, int], ...]
    """With the number of columns of each."""
    columns: tuple[Column, ...]
    platforms: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What several legs have in common that keeps them from being proven."""

    state: State
    reason: str
    hint: str
    legs: tuple[LegResult, ...]


_URGENCY: tuple[State, ...] = ("failed", "lacking", "elsewhere", "configured", "linked", "impossible")


def counts(legs: Iterable[LegResult]) -> tuple[Count, ...]:
    states = [leg.state for leg in legs]
    return tuple(Count(state=state, word=word, legs=states.count(state)) for state, word in WORDS.items())


def grid(legs: Sequence[LegResult]) -> Grid:
    """Versions in the order of the report, the build types of one side by side."""
    found = list(dict.fromkeys((each.leg.torch_version, each.leg.build_type) for each in legs))
    versions = list(dict.fromkeys(version for version, _ in found))
    columns = [column for version in versions for column in found if column[0] == version]
    platforms = dict.fromkeys(each.leg.platform for each in legs)
    return Grid(
        versions=tuple((version, sum(column[0] == version for column in columns)) for version in versions),
        columns=tuple(columns),
        platforms=tuple(
            (name, _rows([each for each in legs if each.leg.platform == name], columns, legs)) for name in platforms
        ),
    )


def _rows(here: list[LegResult], columns: Sequence[Column], all_legs: Sequence[LegResult]) -> tuple[Row, ...]:
    varying = [len({_row_key(each)[place] for each in all_legs}) > 1 or not place for place in range(3)]
    places = {_row_key(each) + _column(each): each for each in here}
    return tuple(
        Row(
            title=" · ".join(word for word, told in zip(key, varying, strict=True) if told),
            cells=tuple(places.get(key + column) for column in columns),
        )
        for key in dict.fromkeys(map(_row_key, here))
    )


def _row_key(result: LegResult) -> tuple[str, str, str]:
    return result.leg.compiler, result.leg.accelerator, result.leg.runtime


def _column(result: LegResult) -> Column:
    return result.leg.torch_version, result.leg.build_type


def reasons(legs: Iterable[LegResult]) -> tuple[Reason, ...]:
    """The legs that are not proven by what they say of it; what failed comes first."""
    together: dict[tuple[State, str, str], list[LegResult]] = {}
    for leg in legs:
        if leg.state != "proven":
            together.setdefault((leg.state, leg.reason, leg.hint), []).append(leg)
    found = (
        Reason(state=state, reason=reason, hint=hint, legs=tuple(their))
        for (state, reason, hint), their in together.items()
    )
    return tuple(sorted(found, key=lambda each: _URGENCY.index(each.state)))


def verdict(legs: Sequence[LegResult]) -> str:
    """The whole in one sentence."""
    if not legs:
        return "The matrix has no legs."
    proven = sum(leg.state == "proven" for leg in legs)
    failed = sum(leg.state == "failed" for leg in legs)
    said = "its C++ program gives the numbers that Python gives" if proven == 1 else _MANY
    if len(legs) == 1:
        return f"{WORDS[legs[0].state].capitalize()}: {said}." if proven else f"{WORDS[legs[0].state].capitalize()}."
    bad = f" {failed} failed." if failed else " None failed."
    return (f"{proven} of {len(legs)} legs proven: {said}." if proven else f"None of {len(legs)} legs is proven.") + bad


_MANY = "their C++ programs give the numbers that Python gives"
