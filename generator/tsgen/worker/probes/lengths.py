"""Outputs whose sizes depend on values, found by calling the model as though its values were others.

Every input that is tried may have the same number of hits of a mask, or the same longest sequence. So the operators
that make something as long as values say (x[mask], nonzero, unique, packed sequences, numbers taken out of tensors) are
given other values than the inputs make: an axis of an output that is of another size then is as long as values say.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Optional

import torch
from torch.utils.weak import WeakTensorKeyDictionary

from ..host.apart import apart
from ..host.operator_mode import OperatorMode
from ..reference.eager import Probe, attempt
from ..values import trees
from ..values.flatten import Branch
from . import other_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..aliases import Model
    from ..calls.plan import Call
    from ..values.flatten import Tree
    from .other_values import Change

    Changes = Callable[[int], Optional[Change]]
    Axes = list[tuple[str, int]]

ENOUGH = 1000
"""Operators of one call: a loop on a number may not end when it is another one."""
PATIENCE = 1.0
"""Seconds of calls in which one operator alone is given other values."""
ALONE = 16
"""Operators that are tried alone."""
_KNOWN = ("aten", "prim", "prims", "torchvision", "quantized")
"""Whose operators raise where sizes do not fit; what another one does then is not known."""
_OF_NO_VALUES = frozenset({
    "empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like", "new_empty",
    "new_empty_strided", "new_zeros", "new_ones", "new_full", "zero_", "sym_size", "sym_numel",
})  # fmt: skip
"""They take of a tensor what it is, and not what is in it."""


class Watch(OperatorMode):
    """Counts the operators that make something as long as the inputs' values say.

    `changes`: by its number, what other values an operator is given; None for its own.
    """

    def __init__(self, changes: Changes | None = None) -> None:
        super().__init__()
        self.met = 0
        self.foreign = False
        self._changes = changes
        self._of_values = WeakTensorKeyDictionary()
        """The tensors that were computed from the inputs' values: not constants, and not sizes."""
        self._other = WeakTensorKeyDictionary()
        """What was put in the place of a mask: in each of its uses the same."""
        self._viewed = WeakTensorKeyDictionary()
        """What a view is one of: `batch[0].copy_(x)` writes into the batch."""

    def during(self, given: Call[str, Any]) -> Watch:
        """Around a call of the model with the very tensors that it is given."""
        self._mark(tensor for _, tensor in trees.leaves(given))
        return self

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        namespace, _, rest = str(func).partition(".")
        name = rest.partition(".")[0]
        self.foreign = self.foreign or namespace not in _KNOWN
        from_values = any(tensor in self._of_values for tensor in _tensors([*args, *named.values()]))
        answer = self._answer(name, func, args, named) if from_values else func(*args, **named)
        if _is_view(func) and isinstance(args[0], torch.Tensor):
            for view in _tensors([answer]):
                self._viewed[view] = self._viewed.get(args[0], args[0])
        if from_values and name not in _OF_NO_VALUES:
            self._mark(_tensors([answer[0]] if name == other_values.PACK else [answer]))
        return answer

    @property
    def counted(self) -> int:
        """None of a call in which an unknown operator takes part."""
        return 0 if self.foreign else self.met

    def _answer(self, name: str, func: Any, args: Any, named: Any) -> Any:
        said = [tensor for tensor in other_values.saying(name, args, named) if tensor in self._of_values]
        if not said or any(tensor in self._other for tensor in said):
            return func(*self._masked(name, args), **named)
        self.met += 1
        if self.met > ENOUGH:
            raise RuntimeError("a loop on values does not end with others")
        change = self._changes(self.met - 1) if self._changes else None
        if change is None:
            return func(*args, **named)
        if name not in other_values.BY_MASK:
            return other_values.ANSWERS[name](func, args, named, other_values.at(change, self.met))
        for mask in said:
            self._other[mask] = other_values.flipped(mask, change)
        return func(*self._masked(name, args), **named)

    def _masked(self, name: str, args: Any) -> Any:
        return other_values.with_masks(name, args, self._instead) if self._changes else args

    def _instead(self, mask: Any) -> Any:
        return self._other.get(mask, mask) if isinstance(mask, torch.Tensor) else mask

    def _mark(self, tensors: Any) -> None:
        for tensor in tensors:
            if isinstance(tensor, torch.Tensor):
                self._of_values[tensor] = True
                self._of_values[self._viewed.get(tensor, tensor)] = True


def _is_view(func: Any) -> bool:
    returned = func._schema.returns  # noqa: SLF001 - there is no public one
    alias = returned[0].alias_info if returned else None
    return alias is not None and not alias.is_write


def _tensors(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


def of_first(probe: Probe, model: Model) -> Probe:
    """The first of a sequence of calls, in whose answer the sizes that depend on values are marked."""
    if not any(isinstance(leaf, torch.Tensor) for _, leaf in trees.leaves(probe.call)):
        return probe
    met: int | None = apart(partial(_count, model, probe), _limit(probe))
    return _with_open(probe, model, met or 0)


def with_open(probe: Probe, model: Model, watch: Watch) -> Probe:
    """The probe, in whose answer the sizes that depend on values are marked. `watch`: of such a call of the model."""
    return _with_open(probe, model, watch.counted)


def _with_open(probe: Probe, model: Model, met: int) -> Probe:
    if not met:
        return probe
    found = [_otherwise(model, probe, _all(change)) for change in CHANGES]
    answered = [axes for axes in found if axes is not None]
    if not answered:
        answered = _alone(model, probe, met)
    return replace(probe, answer=_marked(probe.answer, {(place, axis) for axes in answered for place, axis in axes}))


CHANGES: tuple[Change, ...] = ("less", "inverse", "mixed")


def _alone(model: Model, probe: Probe, met: int) -> list[Axes]:
    left = PATIENCE
    found: list[Axes] = []
    for number in range(min(met, ALONE)):
        for change in CHANGES:
            left -= probe.seconds
            axes = _otherwise(model, probe, _only(number, change)) if left > 0 else None
            if axes is not None:
                found.append(axes)
                break
    return found


def _all(change: Change) -> Changes:
    return lambda _: change


def _only(number: int, change: Change) -> Changes:
    return lambda this: change if this == number else None


def _otherwise(model: Model, probe: Probe, changes: Changes) -> Axes | None:
    """None where the model raises: the values that it was given do not belong together.

    A kernel may even end the process then.
    """
    found: Axes | None = apart(partial(_differing, model, probe, changes), _limit(probe))
    return found


def _limit(probe: Probe) -> float:
    return 5 + 10 * probe.seconds


def _count(model: Model, probe: Probe) -> int:
    watch = Watch()
    attempt(model, probe.name, probe.call, probe.sizes, method=probe.method, during=watch.during)
    return int(watch.counted)


def _differing(model: Model, probe: Probe, changes: Changes) -> Axes | None:
    """(place, axis) of what is of another size then."""
    watch = Watch(changes)
    found = attempt(model, probe.name, probe.call, probe.sizes, method=probe.method, during=watch.during)
    if not isinstance(found, Probe):
        return None
    theirs = {leaf.place: leaf.shape for leaf in found.expected}
    return [
        (ours.place, axis)
        for ours in probe.expected
        for axis, size in enumerate(ours.shape)
        if len(theirs.get(ours.place, ())) == len(ours.shape) and theirs[ours.place][axis] != size
    ]


def _marked(tree: Tree, axes: set[tuple[str, int]]) -> Tree:
    if isinstance(tree, Branch):
        return replace(tree, children=tuple((key, _marked(child, axes)) for key, child in tree.children))
    if tree is None:
        return None
    return replace(tree, open=frozenset(axis for place, axis in axes if place == tree.place))
