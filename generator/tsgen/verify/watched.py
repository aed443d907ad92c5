"""The program on the exported file, operator by operator, against Python on the same file."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tsgen.compare import compare
from tsgen.errors import ParityError
from tsgen.types.bisection import EXPORTED, PROGRAM, Comparison, Gap, Spot
from tsgen.verify import program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tsgen.types import Artifact, Build, Tolerance

_NUMBERS, _VALUE = "0", "1.{}"
"""The answer of the last case: which operators ran, in order, and what each gave."""


def run(
    built: Build, artifact: Artifact, operators: Sequence[Spot], folder: Path, limits: Mapping[str, Tolerance]
) -> Comparison:
    """`artifact` is the watched one, and `folder` an empty one for what the program answers.

    Raises ParityError when the program refuses the file.
    """
    try:
        program.replay(built, artifact, folder)
    except ParityError as error:
        raise ParityError(f"the program cannot run the watched file: {error.message}", hint=error.hint) from error
    kept = artifact.cases[-1].name
    return compared(artifact.path.parent / "cases" / kept, folder / kept, operators, limits)


def compared(expected: Path, actual: Path, operators: Sequence[Spot], limits: Mapping[str, Tolerance]) -> Comparison:
    """Of the folders with what Python and the program kept."""
    result = Comparison(expected=EXPORTED, actual=PROGRAM)
    for place, (ours, theirs) in enumerate(itertools.zip_longest(_numbers(expected), _numbers(actual))):
        if ours != theirs:
            return replace(result, lost=_parted(ours, theirs, operators))
        spot, gap = operators[ours], _gap(place, expected, actual, limits)
        if gap:
            return replace(result, differs=spot, gap=gap)
        result = replace(result, operators=place + 1, before=spot)
    return result


def _numbers(folder: Path) -> Iterator[int]:
    return iter(np.load(folder / f"output.{_NUMBERS}.npy", allow_pickle=False).tolist())


def _parted(ours: int | None, theirs: int | None, operators: Sequence[Spot]) -> str:
    """A branch that the two take differently: the values behind it cannot be put side by side."""
    python, cpp = ("nothing more" if number is None else str(operators[number]) for number in (ours, theirs))
    return f"Python goes on with {python}, the program with {cpp}"


def _gap(place: int, expected: Path, actual: Path, limits: Mapping[str, Tolerance]) -> Gap | None:
    result = compare("", _VALUE.format(place), expected, actual, limits)
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
