"""Two recordings side by side: the first operator that gives something else."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import torch

from ..messages.bisection import EAGER, EXPORTED, Comparison, Gap, Spot
from ..values.compare import EXACT, first_mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..messages import Tolerance
    from .recording import Record

    Pair = tuple[Record, Record]


def compared(ours: list[Record], theirs: list[Record], tolerance: dict[str, Tolerance], *, answers: str) -> Comparison:
    """`answers`: how the answers to the whole call differ, empty when they agree.

    What was found behind the place from where on the two do not run the same operators is trusted only when the answers
    differ too, since another operator of the same name and shape may have been taken for the same one.
    """
    before: Spot | None = None
    count, lost = 0, ""
    for pair in _pairs(ours, theirs):
        if isinstance(pair, str):
            lost = lost or pair
            continue
        gap = difference(pair[0].tensors, pair[1].tensors, tolerance)
        spot = Spot(pair[0].operator, pair[0].source)
        if gap and (answers or not lost):
            return Comparison(EAGER, EXPORTED, count, before, spot, gap, lost, answers)
        before, count = spot, count + 1
    return Comparison(EAGER, EXPORTED, count, before, lost=lost, answers=answers)


def _pairs(ours: list[Record], theirs: list[Record]) -> Iterator[Pair | str]:
    """The operators that both run, and in words those that only one of them does."""
    matcher = difflib.SequenceMatcher(None, [one.key for one in ours], [one.key for one in theirs], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(ours[i1:i2], theirs[j1:j2])
        elif i1 < i2:
            yield f"{_told(ours[i1])}: the export does not run the same there"
        else:
            yield f"{theirs[j1].operator}: the export alone runs it"


def _told(record: Record) -> str:
    return f"{record.operator} ({record.source})" if record.source else record.operator


def difference(expected: list[Any], actual: list[Any], tolerance: dict[str, Tolerance]) -> Gap | None:
    """The gap between the first tensors that differ; None when none do. Both have the same shapes and dtypes."""
    for number, (ours, theirs) in enumerate(zip(expected, actual)):
        if number and ours.dtype == torch.uint8:  # the room that a kernel worked in
            continue
        index = first_mismatch(ours, theirs, tolerance.get(str(ours.dtype).rpartition(".")[2], EXACT))
        if index is not None:
            return _gap(ours, theirs, index)
    return None


def _gap(ours: Any, theirs: Any, index: tuple[int, ...]) -> Gap:
    wide = torch.complex128 if ours.is_complex() else torch.float64
    gap = (theirs.to(wide) - ours.to(wide)).abs()
    finite = gap[torch.isfinite(gap)]
    agree = (ours == theirs) | ((ours != ours) & (theirs != theirs))  # noqa: PLR0124 - NaN is not itself
    return Gap(
        max_abs=float(finite.max()) if finite.numel() else None,
        mismatches=int((~agree).sum()),
        index=tuple(index),
        expected=str(ours[index].item()),
        actual=str(theirs[index].item()),
    )
