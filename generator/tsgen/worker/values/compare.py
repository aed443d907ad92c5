"""Whether two answers agree; the rule is the generated program's as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..messages import Tolerance
from ..reasons import Difference
from .dtypes import is_float

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..aliases import TorchTensor, Value
    from .flatten import Leaf

EXACT = Tolerance(0.0, 0.0)


def difference(expected: Sequence[Leaf], actual: Sequence[Leaf], tolerance: dict[str, Tolerance]) -> Difference | None:
    """The first one."""
    places = [leaf.place for leaf in expected]
    others = [leaf.place for leaf in actual]
    if places != others:
        return Difference("places", ours=_listed(places), theirs=_listed(others))
    for ours, theirs in zip(expected, actual):
        found = _leaf_difference(ours, theirs, tolerance)
        if found:
            return found
    return None


def is_exact(expected: Sequence[Leaf], actual: Sequence[Leaf]) -> bool:
    pairs = zip(expected, actual)
    return len(expected) == len(actual) and all(not _leaf_difference(ours, theirs, {}) for ours, theirs in pairs)


def times_written(tensor: TorchTensor) -> int:
    """How often a tensor was changed in place since it was made; 0 for an inference tensor, which is not counted.

    Its _version raises for such a one: VariableVersion::current_version in c10/core/TensorImpl.h, torch 2.14.1.
    """
    return 0 if tensor.is_inference() else int(tensor._version)  # noqa: SLF001 - the count has no public name


def _listed(places: list[str]) -> str:
    return f"{len(places)} outputs ({', '.join(places)})" if places else "nothing"


def _leaf_difference(expected: Leaf, actual: Leaf, tolerance: dict[str, Tolerance]) -> Difference | None:
    if expected.dtype != actual.dtype:
        return Difference("dtype", expected.name, expected.dtype, actual.dtype)
    if expected.shape != actual.shape:
        return Difference("shape", expected.name, _shape(expected), _shape(actual))
    wrong = first_mismatch(expected.tensor, actual.tensor, tolerance.get(expected.dtype, EXACT))
    if wrong is None:
        return None
    place = f"{expected.name}[{','.join(map(str, wrong))}]" if wrong else expected.name
    ours, theirs = expected.tensor[wrong].item(), actual.tensor[wrong].item()
    return Difference("value", place, _value(ours), _value(theirs))


def _shape(leaf: Leaf) -> str:
    return f"[{','.join(map(str, leaf.shape))}]"


def _value(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def first_mismatch(expected: Any, actual: Any, tolerance: Tolerance) -> tuple[int, ...] | None:
    """The index, row-major; None when all values agree. NaN must meet NaN, infinity the same infinity."""
    agree = (expected == actual) | ((expected != expected) & (actual != actual))  # noqa: PLR0124 - NaN is not itself
    if tolerance != EXACT and not bool(agree.all()) and (expected.is_floating_point() or expected.is_complex()):
        agree = agree | _within(expected, actual, tolerance)
    wrong = (~agree).nonzero()
    return tuple(int(index) for index in wrong[0]) if len(wrong) else None


def _wide(tensor: TorchTensor) -> TorchTensor:
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def _within(expected: Any, actual: Any, tolerance: Tolerance) -> Any:
    ours, theirs = _wide(expected), _wide(actual)
    bound = tolerance.atol + tolerance.rtol * ours.abs()
    return torch.isfinite(ours) & torch.isfinite(theirs) & ((theirs - ours).abs() <= bound)


def contrast(one: Sequence[Leaf], other: Sequence[Leaf]) -> float:
    """How far two answers lie apart, relative to their largest value: the largest over the floating outputs."""
    return max((_contrast(ours.tensor, theirs.tensor) for ours, theirs in zip(one, other)), default=0.0)


def _contrast(one: Any, other: Any) -> float:
    if not is_float(str(one.dtype).rpartition(".")[2]) or one.shape != other.shape or not one.numel():
        return 0.0
    ours, theirs = _wide(one), _wide(other)
    largest = float(torch.maximum(ours.abs().max(), theirs.abs().max()))
    return float((ours - theirs).abs().max()) / largest if largest else 0.0
