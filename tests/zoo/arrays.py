"""Two answers, compared without tsgen: .npy files by the names in their file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCES = {"f2": 1e-2, "f4": 1e-4, "f8": 1e-8, "c8": 1e-4, "c16": 1e-8}
"""rtol by dtype; atol is a tenth of it."""


@dataclass(frozen=True)
class Difference:
    """Nothing in `problem`: equal, or within tolerance with the largest difference `most`."""

    problem: str = ""
    most: float = 0.0


def leaves(folder: Path, side: str) -> dict[str, Path]:
    """The files of a folder by the names of what they hold; `side` is input or output."""
    paths = folder.glob(f"{side}.*.npy")
    return {unquote(path.name[len(side) + 1 : -len(".npy")]): path for path in paths}


def compare(expected: dict[str, Path], actual: dict[str, Path]) -> Difference:
    if set(expected) != set(actual):
        return Difference(f"Python answered {_names(expected)}, the program {_names(actual)}")
    most = 0.0
    for name, path in expected.items():
        found = _compare(np.load(path), np.load(actual[name]))
        if found.problem:
            return Difference(f"{name}: {found.problem}")
        most = max(most, found.most)
    return Difference(most=most)


def _names(leaves: dict[str, Path]) -> str:
    return ", ".join(sorted(leaves)) or "nothing"


def _compare(expected: Any, actual: Any) -> Difference:
    kinds = [array.dtype.str[1:] for array in (expected, actual)]
    if kinds[0] != kinds[1] or expected.shape != actual.shape:
        shown = [f"{array.dtype}{list(array.shape)}" for array in (expected, actual)]
        return Difference(f"Python {shown[0]}, program {shown[1]}")
    if np.array_equal(expected, actual, equal_nan=kinds[0] in TOLERANCES):
        return Difference()
    if kinds[0] == "V2":
        return _compare(_widened(expected), _widened(actual))
    if kinds[0] not in TOLERANCES:
        return Difference(f"{int((expected != actual).sum())} of {expected.size} whole numbers differ")
    return _close(expected, actual, TOLERANCES[kinds[0]])


def _widened(array: Any) -> Any:
    """bfloat16, which NumPy does not know, as the float16 that its tolerance is that of."""
    wide = array.view(np.uint16).astype(np.uint32) << 16
    return wide.view(np.float32).astype(np.float16)


def _close(expected: Any, actual: Any, rtol: float) -> Difference:
    close = np.isclose(actual, expected, rtol=rtol, atol=rtol / 10, equal_nan=True)
    both = np.isfinite(expected) & np.isfinite(actual)
    most = (
        float(np.abs(expected - actual, where=both, out=np.zeros(expected.shape, np.float64)).max())
        if both.any()
        else 0.0
    )
    if close.all():
        return Difference(most=most)
    return Difference(f"{int((~close).sum())} of {expected.size} differ, by at most {most:.3g}", most)


def python_value(path: Path, like: Any) -> Any:
    """What Python's number or text was, before it was saved as an array."""
    array = np.load(path)
    return bytes(array.tolist()).decode() if isinstance(like, str) else array.item()
