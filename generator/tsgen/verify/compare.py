"""Two arrays against each other: the rule of the proof, as docs/explanation/proof.md states it."""

from __future__ import annotations

import itertools
import math
import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tsgen.errors import ParityError
from tsgen.system.names import decode, encode
from tsgen.types import OutputParity, Signature, Tolerance, grown, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tsgen.types import Artifact

    Array = NDArray[Any]
    Agree = Callable[[Array, Array], NDArray[np.bool_]]

_NONE = Tolerance(rtol=0.0, atol=0.0)
_LESS = "Python gives this output, C++ does not"
_MORE = "C++ gives this output, Python does not"
_UNKNOWN = "Python gives this output, which the signature does not have"
_BFLOAT16 = "V2"
"""numpy's name of the 2-byte voids in which bfloat16 is stored."""


def compare_case(
    case: str,
    signature: Signature,
    expected: Path,
    actual: Path,
    tolerance: Mapping[str, Tolerance],
    exact: Mapping[str, Exact] | None = None,
) -> tuple[OutputParity, ...]:
    """Every output of one case, of the folders that hold Python's and C++'s; both must hold the same ones.

    `exact`: by output, where Python's answer in float64 is. What the signature promises must be there; what may be left
    out, and how long a list is, is for Python to say.
    """
    python, cpp = found(expected, "output"), found(actual, "output")
    wanted = [name for name, _ in leaves(grown(signature.outputs), python)]
    compared = [compare(case, name, expected, actual, tolerance, (exact or {}).get(name)) for name in wanted]
    unknown = [_incomparable(case, name, _UNKNOWN) for name in sorted(python - set(wanted))]
    more = [_incomparable(case, name, _MORE) for name in sorted(cpp - python - set(wanted))]
    return (*compared, *unknown, *more)


def found(folder: Path, side: str) -> set[str]:
    """The concrete names of the inputs or outputs that a case's folder holds."""
    names = (path.name for path in folder.glob(f"{side}.*.npy"))
    return {decode(name.removeprefix(f"{side}.").removesuffix(".npy")) for name in names}


@dataclass(frozen=True)
class Exact:
    """Python's answer in float64, and how far from it C++'s may lie; None: something else decides."""

    file: Path
    limit: float | None


def compare(
    case: str,
    name: str,
    expected: Path,
    actual: Path,
    tolerance: Mapping[str, Tolerance],
    exact: Exact | None = None,
) -> OutputParity:
    """One output of one case; without a tolerance for its dtype, or a limit in `exact`, the values must be equal.

    `expected` and `actual` are the folders that hold it. NaN must stand where NaN stands, Inf equal in place and sign.
    """
    file = f"output.{encode(name)}.npy"
    if (expected / file).is_file() and not (actual / file).exists():
        return _incomparable(case, name, _LESS)
    try:
        left, right = _load(expected / file), _load(actual / file)
        reference = _load(exact.file) if exact else None
    except ParityError as error:
        return _incomparable(case, name, error.message)
    if left.dtype != right.dtype or left.shape != right.shape:
        return _incomparable(case, name, f"C++ gives {_kind(right)}, Python {_kind(left)}")
    agree = partial(_agree, tolerance=tolerance.get(_dtype(left), _NONE))
    if exact is None or reference is None:
        return replace(_values(case, name, _widened(left), _widened(right), agree), dtype=_dtype(left))
    if reference.shape != left.shape:
        return _incomparable(case, name, f"Python gives {_kind(left)}, in float64 {_kind(reference)}")
    if exact.limit is not None:
        agree = partial(_near, exact=reference, limit=exact.limit)
    result = _values(case, name, _widened(left), _widened(right), agree)
    ours, python = (_distance(reference, _wide(_widened(each)))[0] for each in (right, left))
    return replace(result, dtype=_dtype(left), float64_error=ours, python_float64_error=python, limit=exact.limit)


def answers_differ(artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> bool:
    """Whether some two calls of forward with inputs of the same sizes have different answers, beyond tolerance.

    When none have, a program that ignores its input would pass too, and the proof is empty. An exported method proves
    nothing for forward, and may well answer the same to everything. A model without any input has one answer.
    """
    if not artifact.signature.inputs:
        return not only_nan(artifact)
    calls = [case for case in artifact.cases if not case.method]
    folders = [artifact.path.parent / "cases" / case.name for case in calls]
    return any(
        not all(result.passed for result in compare_case("", artifact.signature, one, other, tolerance))
        for one, other in itertools.combinations(folders, 2)
        if _input_sizes(one, artifact.signature) == _input_sizes(other, artifact.signature)
    )


def only_nan(artifact: Artifact) -> bool:
    """Whether Python answered NaN and nothing else, in every case."""
    import numpy as np  # noqa: PLC0415 - as in _load

    folders = [artifact.path.parent / "cases" / case.name for case in artifact.cases]
    answers = [_widened(_load(path)) for folder in folders for path in folder.glob("output.*.npy")]
    return bool(answers) and all(each.dtype.kind in "fc" and bool(np.isnan(each).all()) for each in answers)


def _input_sizes(folder: Path, signature: Signature) -> dict[str, tuple[int, ...]]:
    """The sizes of the inputs that were given; a text is a value, whatever its length."""
    given = leaves(grown(signature.inputs), found(folder, "input"))
    return {
        name: () if node.kind == "str" else _load(folder / f"input.{encode(name)}.npy").shape for name, node in given
    }


def _load(path: Path) -> Array:
    """Raises ParityError. Not by np.load, which takes archives and pickles for arrays too."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second that only a proof pays

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array: Array = np.lib.format.read_array(stream, allow_pickle=False)
    except Exception as error:  # of Python's tokenizer, too, of no memory, of numbers that are too large
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ParityError(f"{path.name} cannot be read: {why}", hint="`tsgen build` exports the model again") from error
    return array


def _dtype(array: Array) -> str:
    return "bfloat16" if array.dtype.str.endswith(_BFLOAT16) else str(array.dtype)


def _widened(array: Array) -> Array:
    """bfloat16, stored as 2-byte voids, as float32: the same upper sixteen bits."""
    import numpy as np  # noqa: PLC0415

    if _dtype(array) != "bfloat16":
        return array
    return (array.view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def _values(case: str, output: str, expected: Array, actual: Array, agree: Agree) -> OutputParity:
    import numpy as np  # noqa: PLC0415

    wide = _wide(expected), _wide(actual)
    bad = ~agree(*wide)
    first = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape)) if bad.any() else None
    max_abs, max_rel = _distance(*wide)
    return OutputParity(
        name=case,
        output=output,
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


def _near(expected: Array, actual: Array, exact: Array, limit: float) -> NDArray[np.bool_]:
    """Where Python's number is finite, C++'s lies no further from float64's than `limit`."""
    import numpy as np  # noqa: PLC0415

    finite = np.isfinite(expected) & np.isfinite(actual)
    with np.errstate(invalid="ignore", over="ignore"):
        near: NDArray[np.bool_] = _agree(expected, actual, _NONE) | (finite & (np.abs(actual - exact) <= limit))
    return near


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


def _incomparable(case: str, output: str, problem: str) -> OutputParity:
    return OutputParity(
        name=case, output=output, passed=False, max_abs=None, max_rel=None, mismatches=0, problem=problem
    )


def _kind(array: Array) -> str:
    return f"{_dtype(array)}[{','.join(map(str, array.shape))}]"
