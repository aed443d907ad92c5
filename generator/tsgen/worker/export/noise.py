"""The noise floor of each output: eager Python's own error against itself in float64."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from ..host.files import cannot_write
from ..messages.noise import NoiseFloor
from ..reference import float64
from ..values import npy
from ..values.compare import EXACT, first_mismatch
from ..values.dtypes import dtype_named, is_float
from ..values.names import encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..aliases import Model, TorchTensor
    from ..messages import Tolerance
    from ..reference.eager import Probe
    from ..values.flatten import Leaf

PREFIX = "float64"
"""Of the files: `float64.NAME.npy`, complex128 for a complex output."""


@dataclass(frozen=True)
class Saved:
    """A case as it lies in its folder, with the outputs that were written."""

    name: str
    method: str
    probe: Probe
    outputs: list[Leaf]


@dataclass(frozen=True)
class _Pair:
    """One output of one case; `exact` is None where float64 has another answer there, or none."""

    case: str
    name: str
    eager: TorchTensor
    exact: TorchTensor | None


def write(
    folder: Path, model: Model, saved: Sequence[Saved], tolerance: dict[str, Tolerance]
) -> tuple[NoiseFloor, ...]:
    """The floors of all outputs that round; their answers in float64 go to `folder`/CASE.

    `saved` is in the order of the calls. Raises Problem when a file cannot be written.
    """
    floors = outputs(saved)
    try:
        pairs = _pairs(model, saved) if any(map(_can_be_wider, floors)) else {}
    except float64.NotHadError as why:
        return tuple(replace(one, lacks=why.kind, text=why.text) for one in floors)
    found = []
    for one in floors:
        found.append(_measured(one, pairs.get((one.method, one.output), []), tolerance.get(one.dtype, EXACT)))
        if found[-1].floor is not None:
            _write(folder, pairs[one.method, one.output])
    return tuple(found)


def outputs(saved: Sequence[Saved]) -> list[NoiseFloor]:
    """Those that round, not measured yet."""
    named = (
        NoiseFloor(leaf.name, one.method, leaf.dtype) for one in saved for leaf in one.outputs if is_float(leaf.dtype)
    )
    return list(dict.fromkeys(named))


def _can_be_wider(floor: NoiseFloor) -> bool:
    return dtype_named(floor.dtype) in float64.WIDE


def _pairs(model: Model, saved: Sequence[Saved]) -> dict[tuple[str, str], list[_Pair]]:
    """By method and output."""
    answers = float64.answers(model, [(one.method, one.probe) for one in saved])
    found: dict[tuple[str, str], list[_Pair]] = {}
    for one, answer in zip(saved, answers):
        exact = {leaf.name: leaf.tensor for leaf in answer}
        for leaf in one.outputs:
            pair = _Pair(one.name, leaf.name, leaf.tensor, exact.get(leaf.name))
            found.setdefault((one.method, leaf.name), []).append(pair)
    return found


def _measured(floor: NoiseFloor, pairs: Sequence[_Pair], tolerance: Tolerance) -> NoiseFloor:
    """Over all cases: in a single one eager may come near by luck.

    No less than one unit in the last place of the largest value, for a program that is right may round there otherwise.
    """
    if not _can_be_wider(floor):
        return replace(floor, lacks="wide")
    if not all(_is_near(pair, tolerance) for pair in pairs):
        return replace(floor, lacks="differs")
    error = max(_largest(pair.eager.to(pair.exact.dtype) - pair.exact) for pair in pairs if pair.exact is not None)
    largest = max(_largest(pair.exact) for pair in pairs if pair.exact is not None)
    unit = float(torch.finfo(dtype_named(floor.dtype)).eps)
    return replace(floor, error=error, floor=max(error, unit * largest))


def _is_near(pair: _Pair, tolerance: Tolerance) -> bool:
    """Whether the two are one answer: else forward took another way in float64, or overflows in its own dtype."""
    exact = pair.exact
    if exact is None or exact.shape != pair.eager.shape or exact.dtype != float64.WIDE[pair.eager.dtype]:
        return False
    return first_mismatch(exact, pair.eager.to(exact.dtype), tolerance) is None


def _largest(values: Any) -> float:
    """The largest magnitude among those that are finite; 0 where there is none."""
    finite = values[torch.isfinite(values)].abs()
    return float(finite.max()) if finite.numel() else 0.0


def _write(folder: Path, pairs: Sequence[_Pair]) -> None:
    for pair in pairs:
        path = folder / pair.case / f"{PREFIX}.{encode(pair.name)}.npy"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            npy.write(path, pair.exact, "complex128" if torch.is_complex(pair.exact) else "float64")
        except OSError as error:
            raise cannot_write(path.parent, error) from error
