"""The values a model is probed with: they differ in sign, scale and zeros, so that no branch goes untried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import torch

from ..values import trees
from ..values.dtypes import dtype_named
from .plan import Slot

if TYPE_CHECKING:
    from ..aliases import Dtype, TorchTensor
    from .plan import Call, Plan

Draw = Callable[[tuple[int, ...], Any, int, Any], Any]
"""(shape, dtype, bound of integers, generator) -> tensor."""

RANGES = (100, 10, 2)
"""Upper bounds of random integers, tried in this order: many models take them as indices."""
SCALE = 100


def _random(shape: tuple[int, ...], dtype: Dtype, bound: int, generator: Any) -> TorchTensor:
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator, device="cpu").to(dtype)
    if dtype.is_floating_point:  # drawn in float32: not every kernel draws halves
        wide = dtype if dtype == torch.float64 else torch.float32
        return torch.randn(shape, generator=generator, dtype=wide, device="cpu").to(dtype)
    if dtype.is_complex:
        return torch.randn(shape, generator=generator, dtype=dtype, device="cpu")
    return torch.randint(0, bound, shape, generator=generator, device="cpu").to(dtype)


def _ones(shape: tuple[int, ...], dtype: Dtype, bound: int, _generator: Any) -> TorchTensor:
    one = torch.ones(shape, dtype=dtype, device="cpu")
    return one if bound > 1 or dtype.is_floating_point or dtype.is_complex or dtype == torch.bool else one * 0


def _zeros(shape: tuple[int, ...], dtype: Dtype, _bound: int, _generator: Any) -> TorchTensor:
    return torch.zeros(shape, dtype=dtype, device="cpu")


def _negative(shape: tuple[int, ...], dtype: Dtype, bound: int, generator: Any) -> TorchTensor:
    drawn = _random(shape, dtype, bound, generator)
    if dtype == torch.bool:
        return ~drawn
    if dtype.is_complex or not (dtype.is_floating_point or dtype.is_signed):
        return drawn
    return -drawn.abs()


def _positive(shape: tuple[int, ...], dtype: Dtype, bound: int, generator: Any) -> TorchTensor:
    drawn = _random(shape, dtype, bound, generator)
    return drawn.abs() if dtype.is_floating_point else drawn


def _scaled(factor: float) -> Draw:
    def draw(shape: tuple[int, ...], dtype: Dtype, bound: int, generator: Any) -> TorchTensor:
        drawn = _random(shape, dtype, bound, generator)
        return drawn * factor if dtype.is_floating_point or dtype.is_complex else drawn

    return draw


KINDS: dict[str, Draw] = {
    "ones": _ones,
    "random-1": _random,
    "random-2": _random,
    "random-3": _random,
    "negative": _negative,
    "positive": _positive,
    "large": _scaled(SCALE),
    "small": _scaled(1 / SCALE),
    "zeros": _zeros,
}


def call_of(
    plan: Plan,
    kind: str,
    sizes: dict[str, int],
    bound: int = RANGES[0],
    *,
    template: Call[str, Any] | None = None,
    only: str = "",
) -> Call[str, Any]:
    """The template, or another one, with tensors in its slots.

    `only`: that slot gets values of the kind, the others positive ones.
    """
    generator = torch.Generator(device="cpu").manual_seed(1 + list(KINDS).index(kind))

    def fill(_path: str, leaf: Any) -> TorchTensor:
        if not isinstance(leaf, Slot):
            return leaf
        draw = KINDS[kind if only in ("", leaf.name) else "positive"]
        return draw(concrete(leaf, sizes), dtype_named(leaf.dtype), leaf.high or bound, generator)

    wanted = plan.template if template is None else template
    return {name: trees.mapped(fill, value, name) for name, value in wanted.items()}


def concrete(slot: Slot, sizes: dict[str, int]) -> tuple[int, ...]:
    return tuple(sizes[dim] if isinstance(dim, str) else dim for dim in slot.shape)


def has_unbounded_integers(plan: Plan) -> bool:
    return any(slot.is_integer and slot.high is None for slot in plan.slots)
