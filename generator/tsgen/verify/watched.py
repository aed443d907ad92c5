"""The program on the exported file, operator by operator, against Python on the same file."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tsgen.errors import ParityError
from tsgen.verify import program
from tsgen.verify.compare import compare
from tsgen.worker.messages.bisection import EXPORTED, PROGRAM, Comparison, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tsgen.types import Build, Demand, Tolerance
    from tsgen.types.bisection import Watched
    from tsgen.worker.messages.bisection import Spot


def run(built: Build, watched: Watched, folder: Path, tolerance: Mapping[str, Tolerance]) -> tuple[Comparison, Demand]:
    """`folder` is an empty one for what the program answers.

    Raises ParityError when the program refuses the file.
    """
    try:
        answer = program.replay(built, watched.artifact, folder)
    except ParityError as error:
        raise ParityError(f"the program cannot run the watched file: {error.message}", hint=error.hint) from error
    demand: Demand = "tolerance" if answer["demand"] == "tolerance" else "exact"
    kept = watched.artifact.cases[-1].name
    limits = tolerance if demand == "tolerance" else {}
    return compared(watched, watched.artifact.path.parent / "cases" / kept, folder / kept, limits), demand


def compared(watched: Watched, expected: Path, actual: Path, limits: Mapping[str, Tolerance]) -> Comparison:
    """The results of each operator compared up to the first that differs, from the folders in which they were kept."""
    result = Comparison(expected=EXPORTED, actual=PROGRAM)
    for ours, theirs in itertools.zip_longest(_steps(expected), _steps(actual)):
        if not ours or not theirs or ours.number != theirs.number:
            return replace(result, **_parted(ours, theirs, watched.operators))
        spot, gap = watched.operators[ours.number], _gap(ours, theirs, (expected, actual), limits, watched.dtypes)
        if gap:
            return replace(result, differs=spot, gap=gap)
        result = replace(result, operators=result.operators + 1, before=spot)
    return result


@dataclass(frozen=True)
class _Step:
    number: int
    """Of the operator."""
    kind: int
    """Of the dtype."""
    name: str
    """Of the value in the answer."""


def _steps(folder: Path) -> Iterator[_Step]:
    numbers, kinds = np.load(folder / "output.0.npy", allow_pickle=False).tolist()
    seen: Counter[int] = Counter()
    for number, kind in zip(numbers, kinds, strict=True):
        yield _Step(number, kind, f"{kind + 1}.{seen[kind]}")
        seen[kind] += 1


def _parted(ours: _Step | None, theirs: _Step | None, operators: Sequence[Spot]) -> dict[str, Any]:
    """A branch that the two take differently, although all that was kept before agrees."""
    spots = [operators[step.number] if step else None for step in (ours, theirs)]
    python, cpp = (str(spot or "nothing more") for spot in spots)
    problem = f"Python goes on with {python}, the program with {cpp}"
    return {"differs": spots[0] or spots[1], "gap": Gap(max_abs=None, mismatches=0, problem=problem)}


def _gap(
    ours: _Step, theirs: _Step, folders: tuple[Path, Path], limits: Mapping[str, Tolerance], dtypes: Sequence[str]
) -> Gap | None:
    if ours.kind != theirs.kind:
        return Gap(max_abs=None, mismatches=0, problem=f"{dtypes[theirs.kind]} instead of {dtypes[ours.kind]}")
    result = compare("", ours.name, *folders, limits)
    if result.passed:
        return None
    return Gap(
        max_abs=result.max_abs,
        mismatches=result.mismatches,
        index=result.index,
        expected=result.expected,
        actual=result.actual,
        problem=result.problem,
    )
