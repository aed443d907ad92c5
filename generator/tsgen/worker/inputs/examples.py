"""A plan from the user's own calls.

A dimension whose size differs between them is dynamic; places that differ alike share a name. When no size differs at
all, every dimension that the model accepts in another size is tried as dynamic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..calls.draw import RANGES, call_of
from ..calls.forward import parameters_of
from ..calls.plan import Plan, Slot
from ..reference.eager import Probe, attempt
from ..reference.repeatable import copy_of
from ..values import trees
from ..values.dtypes import dtype_name

if TYPE_CHECKING:
    from ..aliases import Model, TorchTensor
    from ..calls.plan import Call

Place = tuple[str, int]
"""(path of a tensor, axis)."""


def plan(calls: tuple[Call[str, Any], ...], model: Model) -> Plan:
    calls = _completed(calls, model)
    first = calls[0]
    tensors = [(path, leaf) for path, leaf in _tensors(first) if leaf.ndim or leaf.dtype]
    shapes = [_shapes(call) for call in calls]
    names = _named_alike(tensors, shapes)
    nullable = tuple(
        entry.name for entry in parameters_of(model, count=len(first)) if entry.nullable and entry.name in first
    )
    planned = Plan(_template(first, names), _sizes_of(tensors, names), calls=calls, nullable=nullable)
    return planned if names else _with_wishes(planned, model)


def _completed(calls: tuple[Call[str, Any], ...], model: Model) -> tuple[Call[str, Any], ...]:
    """What one call leaves out and another has: where Python's default is no None, that is what was called with."""
    given = list(dict.fromkeys(name for call in calls for name in call))
    parameters = parameters_of(model, count=len(given))
    defaults = {entry.name: entry.default for entry in parameters if entry.default is not None and entry.name in given}
    order = {entry.name: place for place, entry in enumerate(parameters)}
    if all(defaults.keys() <= call.keys() for call in calls):
        return calls
    return tuple(_in(order, {**defaults, **call}) for call in calls)


def _in(order: dict[str, int], call: Call[str, Any]) -> Call[str, Any]:
    return dict(sorted(call.items(), key=lambda item: order.get(item[0], len(order))))


def _tensors(call: Call[str, Any]) -> list[tuple[str, Any]]:
    return [(path, leaf) for path, leaf in trees.leaves(call) if isinstance(leaf, torch.Tensor)]


def _shapes(call: Call[str, Any]) -> dict[str, tuple[int, ...]]:
    return {path: tuple(leaf.shape) for path, leaf in _tensors(call)}


def _named_alike(tensors: list[tuple[str, Any]], shapes: list[dict[str, tuple[int, ...]]]) -> dict[Place, str]:
    names: dict[Place, str] = {}
    by_sizes: dict[tuple[int, ...], str] = {}
    for path, leaf in tensors:
        for axis in range(leaf.ndim):
            seen = tuple(shape[path][axis] for shape in shapes if len(shape.get(path, ())) == leaf.ndim)
            if len(set(seen)) > 1:
                names[path, axis] = by_sizes.setdefault(seen, fresh_name(path, axis, set(by_sizes.values())))
    return names


def fresh_name(path: str, axis: int, taken: set[str]) -> str:
    """`N` for the first first dimension, else like `x_dim1`."""
    return "N" if axis == 0 and "N" not in taken else f"{path.replace('.', '_')}_dim{axis}"


def _template(call: Call[str, Any], names: dict[Place, str]) -> Call[str, Any]:
    def slot(path: str, leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor):
            return leaf
        shape = tuple(names.get((path, axis), int(size)) for axis, size in enumerate(leaf.shape))
        return Slot(path, dtype_name(leaf.dtype), shape, _bound(leaf))

    return {name: trees.mapped(slot, value, name) for name, value in call.items()}


def _bound(tensor: TorchTensor) -> int | None:
    """Integers of the example are most likely indices: others stay within their range."""
    whole = not (tensor.is_floating_point() or tensor.is_complex() or tensor.dtype == torch.bool)
    if not whole or not tensor.numel():
        return None
    numbers = tensor.to(torch.int64)  # torch finds no smallest of uint16
    return int(numbers.max()) + 1 if int(numbers.min()) >= 0 else None


def _sizes_of(tensors: list[tuple[str, Any]], names: dict[Place, str]) -> dict[str, int]:
    sizes = {
        names[path, axis]: int(size)
        for path, leaf in tensors
        for axis, size in enumerate(leaf.shape)
        if (path, axis) in names
    }
    return dict(sorted(sizes.items(), key=lambda item: item[0] != "N"))


def _with_wishes(planned: Plan, model: Model) -> Plan:
    """Which dimensions the model accepts in another size: the batch first, each other alone, then those alike."""
    # On a copy: a model that keeps state must not have been called yet.
    found = _Wishes(planned, copy_of(model) or model)
    tensors = _tensors(planned.calls[0])
    found.try_together([(path, 0) for path, leaf in tensors if leaf.ndim and leaf.shape[0] == _batch(tensors)])
    for path, leaf in tensors:
        for axis in range(leaf.ndim):
            found.try_alone_or_with((path, axis), _places(tensors, leaf.shape[axis]))
    return Plan(
        _template(planned.calls[0], found.names),
        _sizes_of(tensors, found.names),
        frozenset(found.names.values()),
        planned.calls,
        nullable=planned.nullable,
    )


def _batch(tensors: list[tuple[str, Any]]) -> int:
    return next((int(leaf.shape[0]) for _, leaf in tensors if leaf.ndim), 0)


def _places(tensors: list[tuple[str, Any]], size: int) -> list[Place]:
    return [(path, axis) for path, leaf in tensors for axis, other in enumerate(leaf.shape) if other == size]


class _Wishes:
    def __init__(self, planned: Plan, model: Model) -> None:
        self.names: dict[Place, str] = {}
        self._planned = planned
        self._model = model
        self._shapes = _shapes(planned.calls[0])
        self._slow = False

    def try_together(self, places: list[Place]) -> bool:
        if not places or self._slow or any(place in self.names for place in places):
            return False
        name = fresh_name(*places[0], set(self.names.values()))
        tried = dict.fromkeys(places, name)
        size = self._shapes[places[0][0]][places[0][1]]
        if not self._accepted({**self.names, **tried}, name, size):
            return False
        self.names.update(tried)
        return True

    def try_alone_or_with(self, place: Place, alike: list[Place]) -> None:
        if place in self.names:
            return
        free = [other for other in alike if other not in self.names]
        if not self.try_together([place]) and len(free) > 1:
            self.try_together(free)

    def _accepted(self, names: dict[Place, str], name: str, size: int) -> bool:
        template = _template(self._planned.calls[0], names)
        sizes = {names[place]: self._shapes[place[0]][place[1]] for place in names}
        for other in (size + 1, 2 * size):
            planned = Plan(template, sizes)
            call = call_of(planned, "random-1", {**sizes, name: other}, RANGES[0])
            answer = attempt(self._model, "", call, {})
            if isinstance(answer, Probe):
                self._slow = answer.seconds > SLOW
                return True
        return False


SLOW = 2.0
"""Seconds of a call from which on no further dimension is tried."""
