"""What forward is called with: a template of slots to fill, the sizes of its dimensions, the user's own calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..values import trees
from ..values.dtypes import is_float

if TYPE_CHECKING:
    from ..aliases import Value
    from ..messages import Dim

Call = dict
"""From forward's parameter names to values of any nesting, in forward's order."""


@dataclass(frozen=True)
class Slot(trees.Leaf):
    """A tensor to be drawn."""

    name: str
    """Its path: `x`, `images.0`, `batch.mask`."""
    dtype: str
    shape: tuple[Dim, ...]
    high: int | None = None
    """Integers are drawn from [0, high)."""

    @property
    def is_integer(self) -> bool:
        return self.dtype != "bool" and not is_float(self.dtype)


@dataclass(frozen=True)
class Plan:
    template: Call[str, Any]
    """The example call with a Slot in the place of each tensor."""
    sizes: dict[str, int]
    """The example size of each dynamic dimension."""
    unasked: frozenset[str] = frozenset()
    """Dimensions that nobody asked for: they vary if model and export let them."""
    calls: tuple[Call[str, Any], ...] = ()
    """The user's own, the example first."""
    other_sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    nullable: tuple[str, ...] = ()
    """Parameters of the template that may be left out."""

    @property
    def slots(self) -> list[Slot]:
        return [leaf for _, leaf in trees.leaves(self.template) if isinstance(leaf, Slot)]

    @property
    def literals(self) -> list[tuple[str, Any]]:
        """(path, value) of each number, string and None."""
        return [(path, leaf) for path, leaf in trees.leaves(self.template) if not isinstance(leaf, Slot)]

    @property
    def lists(self) -> list[str]:
        """The paths of the lists, outer ones first."""
        return _lists(self.template, "")

    def sizes_of(self, call: Call[str, Any]) -> dict[str, int]:
        """The sizes that a concrete call has; a dimension that it does not show keeps the example's."""
        values = dict(trees.leaves(call))
        seen = {
            dim: int(size)
            for slot in self.slots
            if getattr(values.get(slot.name), "ndim", None) == len(slot.shape)
            for dim, size in zip(slot.shape, values[slot.name].shape)
            if isinstance(dim, str)
        }
        return {**self.sizes, **seen}


def _lists(value: Value, path: str) -> list[str]:
    group = trees.group_of(value)
    if group is None:
        return []
    own = [path] if group.kind == trees.LIST else []
    return own + [found for key, child in group.children for found in _lists(child, trees.join(path, key))]


def is_batch(plan: Plan, name: str) -> bool:
    return any(slot.shape and slot.shape[0] == name for slot in plan.slots)


def format_call(call: Call[str, Any]) -> str:
    """`x: float32[N,3], k: 3`."""
    return ", ".join(f"{path}: {_shown(leaf)}" for path, leaf in trees.leaves(call))


def _shown(leaf: Any) -> str:
    return f"{leaf.dtype}[{','.join(map(str, leaf.shape))}]" if isinstance(leaf, Slot) else repr(leaf)
