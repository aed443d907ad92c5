"""Two recordings side by side: the first operator that gives something else."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import torch

from ..compare import EXACT, first_mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..protocol import Tolerance
    from .recording import Record

    Pair = tuple[Record, Record]


def compared(
    ours: list[Record], theirs: list[Record], tolerance: dict[str, Tolerance], *, answers_differ: bool
) -> dict[str, Any]:
    """`operators`: how many were compared up to the first that `differs`; `before`: the one before that.

    `lost`: from where on the two do not run the same operators. What was found behind that is trusted only when the
    answers differ too, since another operator of the same name and shape may have been taken for the same one.
    """
    before: Record | None = None
    count = 0
    lost = ""
    for pair in _pairs(ours, theirs):
        if isinstance(pair, str):
            lost = lost or pair
            continue
        gap = difference(pair[0].tensors, pair[1].tensors, tolerance)
        if gap and (answers_differ or not lost):
            return _found(count, before, lost, {**_words(pair[0]), **gap})
        before, count = pair[0], count + 1
    return _found(count, before, lost, None)


def _found(count: int, before: Record | None, lost: str, differs: dict[str, Any] | None) -> dict[str, Any]:
    return {"operators": count, "before": _words(before) if before else None, "lost": lost, "differs": differs}


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


def _words(record: Record) -> dict[str, str]:
    return {"operator": record.operator, "source": record.source, "module": ""}


def difference(expected: list[Any], actual: list[Any], tolerance: dict[str, Tolerance]) -> dict[str, Any] | None:
    """Of the first tensors that differ; None when none do. Both have the same shapes and dtypes."""
    for number, (ours, theirs) in enumerate(zip(expected, actual)):
        if number and ours.dtype == torch.uint8:  # the room that a kernel worked in
            continue
        index = first_mismatch(ours, theirs, tolerance.get(str(ours.dtype).rpartition(".")[2], EXACT))
        if index is not None:
            return _gap(ours, theirs, index)
    return None


def _gap(ours: Any, theirs: Any, index: tuple[int, ...]) -> dict[str, Any]:
    wide = torch.complex128 if ours.is_complex() else torch.float64
    gap = (theirs.to(wide) - ours.to(wide)).abs()
    finite = gap[torch.isfinite(gap)]
    agree = (ours == theirs) | ((ours != ours) & (theirs != theirs))  # noqa: PLR0124 - NaN is not itself
    return {
        "max_abs": float(finite.max()) if finite.numel() else None,
        "mismatches": int((~agree).sum()),
        "index": list(index),
        "expected": str(ours[index].item()),
        "actual": str(theirs[index].item()),
    }
