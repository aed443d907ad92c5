"""Two arrays against each other: the rule of the proof, as docs/explanation/proof.md states it."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from tsgen.naming import encoded
from tsgen.types import OutputParity, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tsgen.types import Artifact, Leaf

    Array = NDArray[Any]

_NONE = Tolerance(rtol=0.0, atol=0.0)


def compare(case: str, leaf: Leaf, expected: Path, actual: Path, tolerance: Mapping[str, Tolerance]) -> OutputParity:
    """One output of one case; without a tolerance for its dtype the values must be equal.

    `expected` and `actual` are the folders that hold it. NaN must stand where NaN stands, Inf equal in place and sign.
    """
    name = f"output.{encoded(leaf.name)}.npy"
    try:
        left, right = _load(expected / name, leaf.dtype), _load(actual / name, leaf.dtype)
    except (OSError, ValueError, EOFError) as error:
        return _incomparable(case, leaf, str(error))
    if left.dtype != right.dtype or left.shape != right.shape:
        return _incomparable(case, leaf, f"C++ gives {_kind(right)}, Python {_kind(left)}")
    return _values(case, leaf, left, right, tolerance.get(leaf.dtype, _NONE))


def answers_differ(artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> bool:
    """Whether some two cases of the same sizes have different answers, beyond tolerance, in any output.

    When none have, a program that ignores its input would pass too, and the proof is empty.
    """
    folders = [artifact.path.parent / "cases" / case.name for case in artifact.cases]
    return any(
        not compare("", leaf, one, other, tolerance).passed
        for one, other in itertools.combinations(folders, 2)
        if _input_sizes(one, artifact) == _input_sizes(other, artifact)
        for leaf in artifact.signature.outputs
    )


def _input_sizes(folder: Path, artifact: Artifact) -> list[tuple[int, ...]]:
    names = [f"input.{encoded(leaf.name)}.npy" for leaf in artifact.signature.inputs]
    return [_load(folder / name, "").shape for name in names]


def _load(path: Path, dtype: str) -> Array:
    import numpy as np  # noqa: PLC0415 - a tenth of a second that only a proof pays

    array: Array = np.load(path, allow_pickle=False)
    if dtype != "bfloat16":
        return array
    if array.dtype != np.dtype("V2"):
        raise ValueError(f"{path.name} holds {array.dtype}, not bfloat16 (2-byte voids)")
    return _widened(array)


def _widened(array: Array) -> Array:
    """bfloat16, stored as 2-byte voids, as float32: the same upper sixteen bits."""
    import numpy as np  # noqa: PLC0415

    return (array.view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def _values(case: str, leaf: Leaf, expected: Array, actual: Array, tolerance: Tolerance) -> OutputParity:
    import numpy as np  # noqa: PLC0415

    wide = _wide(expected), _wide(actual)
    bad = ~_agree(*wide, tolerance)
    first = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape)) if bad.any() else None
    max_abs, max_rel = _distance(*wide)
    return OutputParity(
        name=case,
        output=leaf.name,
        passed=first is None,
        max_abs=max_abs,
        max_rel=max_rel,
        mismatches=int(bad.sum()),
        index=first,
        expected=None if first is None else str(expected[first]),
        actual=None if first is None else str(actual[first]),
    )


def _wide(array: Array) -> Array:
    """In the type in which differences cannot overflow or round; whole numbers stay whole."""
    if array.dtype.kind == "f":
        return array.astype("float64")
    return array.astype("complex128") if array.dtype.kind == "c" else array


def _agree(expected: Array, actual: Array, tolerance: Tolerance) -> NDArray[np.bool_]:
    import numpy as np  # noqa: PLC0415

    equal: NDArray[np.bool_] = expected == actual
    if expected.dtype.kind not in "fc":
        return equal
    both_nan = np.isnan(expected) & np.isnan(actual)
    finite = np.isfinite(expected) & np.isfinite(actual)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(actual - expected) <= tolerance.atol + tolerance.rtol * np.abs(expected)
    agree: NDArray[np.bool_] = equal | both_nan | (finite & near)
    return agree


def _distance(expected: Array, actual: Array) -> tuple[float | None, float | None]:
    """Largest absolute and relative difference over the places that are finite in both; None when there are none."""
    import numpy as np  # noqa: PLC0415

    if expected.dtype.kind in "bui":
        # A difference of int64 may overflow; as float64 it is only rounded.
        expected, actual = expected.astype("float64"), actual.astype("float64")
    finite = np.isfinite(expected) & np.isfinite(actual)
    if not finite.any():
        return None, None
    with np.errstate(over="ignore"):
        size = np.abs(expected[finite])
        gap = np.abs(actual[finite] - expected[finite])
        relative = gap[size > 0] / size[size > 0]
    return _number(gap.max()), _number(relative.max()) if relative.size else 0.0


def _number(value: Any) -> float | None:
    """JSON has no infinity: a difference beyond all numbers is None."""
    number = float(value)
    return number if math.isfinite(number) else None


def _incomparable(case: str, leaf: Leaf, problem: str) -> OutputParity:
    return OutputParity(
        name=case, output=leaf.name, passed=False, max_abs=None, max_rel=None, mismatches=0, problem=problem
    )


def _kind(array: Array) -> str:
    return f"{array.dtype}[{','.join(map(str, array.shape))}]"
