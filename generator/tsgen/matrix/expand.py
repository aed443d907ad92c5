"""[matrix] -> the legs, by the rules of GitHub's matrices.

Source: "Running variations of jobs in a workflow" in GitHub's documentation: `exclude` first, then each `include` is
added to every combination whose original values it leaves as they are; one that fits none is a combination of its own.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tsgen.types.axes import AXES
from tsgen.types.matrix import Leg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tsgen.types.axes import Axes

    Combination = dict[str, str]


def legs(axes: Axes, default: Callable[[str, Combination], str]) -> tuple[Leg, ...]:
    """Each leg once. `default` gives the value of an axis that a combination does not name, `platform` first."""
    combinations = [combination for combination in _product(axes) if not _is_excluded(combination, axes)]
    return tuple(dict.fromkeys(_leg(combination, default) for combination in _included(combinations, axes)))


def _product(axes: Axes) -> Iterator[Combination]:
    named = {axis: values for axis in AXES if (values := getattr(axes, axis))}
    for values in product(*named.values()):
        yield dict(zip(named, values, strict=True))


def _is_excluded(combination: Combination, axes: Axes) -> bool:
    return any(each.items() <= combination.items() for each in axes.exclude)


def _included(originals: list[Combination], axes: Axes) -> list[Combination]:
    extended, further = [dict(each) for each in originals], []
    for addition in axes.include:
        fits = [number for number, original in enumerate(originals) if _leaves(original, addition)]
        for number in fits:
            extended[number] |= addition
        if not fits:
            further.append(dict(addition))
    return extended + further


def _leaves(original: Combination, addition: Combination) -> bool:
    return all(original.get(axis, value) == value for axis, value in addition.items())


def _leg(combination: Combination, default: Callable[[str, Combination], str]) -> Leg:
    whole: Combination = {}
    for axis in AXES:
        whole[axis] = combination.get(axis) or default(axis, whole)
    return Leg(**whole)  # type: ignore[arg-type]  # each value was checked against its axis
