"""Whether later calls depend on earlier ones.

The same input again may show it. Where it does not, what each call writes is changed before a call, which then answers
otherwise if it reads that first; and inputs that were tried one after another are tried alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from ..reference import repeatable
from ..reference.eager import Probe, attempt
from ..values import trees
from ..values.compare import difference
from . import memory, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, TorchTensor
    from ..calls.plan import Call
    from ..reference.eager import During

SECONDS, MOST = 1.0, 16
"""That calls may take which are only made to try an input alone, and how many there are at most."""
FEW = 8
"""Elements of a tensor of whole numbers that may be a position."""


@dataclass(frozen=True)
class Kept:
    """What a model keeps from call to call. `names`: what is written, as far as it is known."""

    names: tuple[str, ...] = ()
    seen: str = ""
    """How an answer shows it, in words; empty for what no answer that was tried shows."""
    counter: str = ""
    """A Python attribute of the user's that changes, and no answer shows it."""
    assigned: bool = True
    """Attributes are assigned, or groups grow: no trace keeps that."""
    places: dict[str, str] = field(default_factory=dict)

    def told(self) -> str:
        """`cache` (model.py:12: self.cache[:, at] = k), `at`."""
        words = [f"`{name}` ({self.places[name]})" if name in self.places else f"`{name}`" for name in self.names]
        return ", ".join(words) or f"outside of its own attributes ({self.seen})"


@dataclass(frozen=True)
class Trial:
    """A model while it is tried. `untouched`: a copy from before its first call, or None."""

    model: Any
    untouched: Any
    before: memory.Snapshot[str, Any]

    def of_same_input(self, first: Probe, during: During) -> Kept | None:
        """`during`: around the call that is made for it. Raises Problem for a model that draws random numbers."""
        numbers, held = repeatable.numbers_of(self.model), memory.snapshot(self.model)
        with places.assigned(self.model) as assigned:
            seen = repeatable.kept_state(self.model, first, during)
        after = memory.snapshot(self.model)
        written = tuple(
            dict.fromkeys((*memory.changed(held, after), *(name for name in assigned if _is_held(name, after))))
        )
        counter = repeatable.changed_number(numbers, repeatable.numbers_of(self.model))
        if seen or counter:
            grow = not written or _grow(written, assigned, held, after)
            return self._told(first, Kept(written, seen, "" if seen else counter, grow))
        read = self._read_first(first, written) if written else ()
        if read:
            return self._told(first, Kept(read, assigned=_grow(read, assigned, held, after)))
        if written and self._next_differs(first):
            return self._told(first, Kept(written, assigned=_grow(written, assigned, held, after)))
        return None

    def of_other_inputs(self, probes: list[Probe]) -> Kept | None:
        """`probes`: as they were called one after another."""
        written = memory.changed(self.before, memory.snapshot(self.model))
        if not written or self.untouched is None or self._alone_differs(probes[0]):
            return None  # the copy of a model whose hook holds on to the first one is another model
        spent = 0.0
        for probe in probes[1 : MOST + 1]:
            spent += probe.seconds
            if spent > SECONDS and probe is not probes[1]:
                break
            if self._alone_differs(probe):
                return self._told(
                    probes[0], Kept(tuple(written), f"after other calls it answers '{probe.name}' otherwise")
                )
        return None

    def _told(self, first: Probe, kept: Kept) -> Kept:
        copy = repeatable.copy_of(self.untouched) if self.untouched is not None else None
        if copy is None or not kept.names:
            return kept
        return Kept(kept.names, kept.seen, kept.counter, kept.assigned, places.of(copy, first, kept.names))

    def _alone_differs(self, probe: Probe) -> bool:
        alone = attempt(repeatable.copy_of(self.untouched), probe.name, probe.call, probe.sizes)
        return not isinstance(alone, Probe) or _differ(probe, alone)

    def _read_first(self, first: Probe, written: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the attributes that a call reads before it writes them."""
        if self.untouched is None or not self._answers_otherwise(first, written):
            return ()
        alone = tuple(name for name in written[:MOST] if self._answers_otherwise(first, (name,)))
        return alone or written

    def _answers_otherwise(self, first: Probe, names: tuple[str, ...]) -> bool:
        copy = repeatable.copy_of(self.untouched)
        before = attempt(copy, first.name, first.call, first.sizes)
        if not isinstance(before, Probe) or _differ(first, before) or not _spoil(copy, names):
            return False
        again = attempt(copy, first.name, first.call, first.sizes)
        return not isinstance(again, Probe) or _differ(first, again)

    def _next_differs(self, first: Probe) -> bool:
        """A cache that is filled by position shows it at the next one only: whole numbers that go in, and one more."""
        following = next_call(first.call)
        if self.untouched is None or following is None:
            return False
        after, alone = repeatable.copy_of(self.untouched), repeatable.copy_of(self.untouched)
        attempt(after, "", first.call, first.sizes)
        ours = attempt(after, "", following, first.sizes)
        theirs = attempt(alone, "", following, first.sizes)
        return isinstance(ours, Probe) and isinstance(theirs, Probe) and _differ(ours, theirs)


def begin(model: Model) -> Trial:
    """Before the model's first call."""
    return Trial(model, repeatable.copy_of(model), memory.snapshot(model))


def next_call(call: Call[str, Any]) -> Call[str, Any] | None:
    """The call with each position one further: a whole number, or a few of them in a tensor. None when it has none."""
    moved = {name: trees.mapped(_next, value, name) for name, value in call.items()}
    pairs = zip(trees.leaves(call), trees.leaves(moved))
    return moved if any(ours is not theirs for (_, ours), (_, theirs) in pairs) else None


def _next(_path: str, leaf: Any) -> Any:
    if type(leaf) is int:
        return leaf + 1
    if isinstance(leaf, torch.Tensor) and leaf.dtype in (torch.int32, torch.int64) and 0 < leaf.numel() <= FEW:
        return leaf + int(leaf.max() - leaf.min()) + 1
    return leaf


def _is_held(name: str, after: memory.Snapshot[str, Any]) -> bool:
    return any(seen.owner == name for seen in after.values())


def _grow(
    names: tuple[str, ...], assigned: dict[str, str], held: memory.Snapshot[str, Any], after: memory.Snapshot[str, Any]
) -> bool:
    """Whether anything but tensors that stay where they are is written."""
    ours, theirs = ({path: id(seen.value) for path, seen in side.items() if _is_tensor(seen)} for side in (held, after))
    plain = any(not _is_tensor(seen) and seen.value != held[path].value for path, seen in after.items() if path in held)
    return plain or ours != theirs or held.keys() != after.keys() or any(name in assigned for name in names)


def _is_tensor(seen: Any) -> bool:
    return isinstance(seen.value, torch.Tensor)


def _differ(ours: Probe, theirs: Probe) -> bool:
    return bool(difference(ours.expected, theirs.expected, repeatable.LOOSE))


def _spoil(model: Model, names: tuple[str, ...]) -> bool:
    """Other numbers in what the model holds under these names; False when none could be changed."""
    found = [spot for spot in memory.spots(model) if spot.owner in names]
    return any([_is_spoiled(spot) for spot in found])  # noqa: C419 - each of them


def _is_spoiled(spot: memory.Spot) -> bool:
    if isinstance(spot.value, torch.Tensor):
        return _spoil_tensor(spot.value)
    for kind, other in _others(spot.value):
        if type(spot.value) is kind and spot.put is not None:
            spot.put(other)
            return True
    return False


def _others(value: Any) -> Iterator[tuple[type, Any]]:
    if isinstance(value, bool):
        yield bool, not value
    elif isinstance(value, int):
        yield int, value + 1
    elif isinstance(value, float):
        yield float, value * 1.5 + 1.0


def _spoil_tensor(tensor: TorchTensor) -> bool:
    if not tensor.numel() or tensor.layout != torch.strided or tensor.is_meta or tensor.is_quantized:
        return False
    with torch.no_grad():
        if tensor.dtype == torch.bool:
            tensor.logical_not_()
        elif tensor.is_floating_point():
            tensor.nan_to_num_().mul_(1.5).add_(1.0)
        elif tensor.is_complex():
            tensor.mul_(1.5).add_(1.0)
        else:
            tensor.add_(1)
    return True
