"""What a model keeps from call to call, taken out of it: it goes in beside the inputs, and comes out with the answer.

AOTInductor holds a buffer itself only if it has more than one element, and one for all who load the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from ..reference.repeatable import copy_of
from ..values import npy, trees
from ..values.names import encode
from ..values.trees import join
from . import changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..aliases import Model
    from ..reference.eager import Probe
    from .changing import Attribute


@dataclass(frozen=True)
class Held:
    """A tensor that goes in and comes out. `tensor`: as it is before the first call."""

    name: str
    tensor: Any


@dataclass(frozen=True)
class _Place(trees.Leaf):
    """Stands where a tensor that is held goes."""

    index: int


@dataclass(frozen=True)
class _Slot:
    """An attribute, and what it holds with a _Place for each tensor."""

    part: Any
    key: str
    template: Any


@dataclass(frozen=True)
class Lifted:
    model: Any
    held: tuple[Held, ...] = ()
    slots: tuple[_Slot, ...] = ()
    dropped: tuple[_Slot, ...] = ()
    """What is assigned and not read again: it is afterwards what it was before."""
    names: tuple[str, ...] = ()
    """The attributes, by path."""
    told: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.slots or self.dropped)

    def put(self, tensors: Sequence[Any]) -> None:
        """Copies: forward may write into them."""
        for slot in self.slots:
            filled = trees.mapped(
                lambda _, leaf: tensors[leaf.index].clone() if isinstance(leaf, _Place) else leaf, slot.template
            )
            setattr(slot.part, slot.key, filled)

    def taken(self) -> list[Any]:
        """The tensors of the same places, and the attributes as they were."""
        found = []
        for slot in self.slots:
            after = dict(trees.leaves(getattr(slot.part, slot.key)))
            found += [after[path] for path, leaf in trees.leaves(slot.template) if isinstance(leaf, _Place)]
            setattr(slot.part, slot.key, None)
        for slot in self.dropped:
            setattr(slot.part, slot.key, slot.template)
        return found


def lifted(model: Model, probes: Sequence[Probe], *, sequence: bool) -> Lifted:
    """`probes`: of forward, one after another from `model` as it is. Raises Problem for what cannot be taken out."""
    found = changing.attributes(model, probes, sequence=sequence)
    if not found:
        return Lifted(model)
    copy = copy_of(model)
    if copy is None:
        raise changing.uncarried(found[0].name, "is part of a model that cannot be copied")
    told = changing.require_zeros(model, found, probes)
    carried = [one for one in found if one.carried]
    dropped = [_slot(copy, one.name, changing.value_at(copy, one.name)) for one in found if not one.carried]
    held, slots = list[Held](), list[_Slot]()
    for one in carried:
        template = _template(one, len(held))
        held += _held(one)
        slots.append(_slot(copy, one.name, template))
    for slot in slots:
        _unregister(slot)
    names = tuple(one.name for one in carried)
    return Lifted(copy, tuple(held), tuple(slots), tuple(dropped), names, told)


def _slot(model: Model, name: str, template: Any) -> _Slot:
    path, _, key = name.rpartition(".")
    return _Slot(model.get_submodule(path), key, template)


def _template(one: Attribute, first: int) -> Any:
    numbers = iter(range(first, first + len(_held(one))))
    return trees.mapped(
        lambda _, leaf: _Place(next(numbers)) if isinstance(leaf, torch.Tensor) else leaf, one.beginning
    )


def _held(one: Attribute) -> list[Held]:
    leaves = [(path, leaf) for path, leaf in trees.leaves(one.beginning) if isinstance(leaf, torch.Tensor)]
    return [Held(join(one.name, path) if path else one.name, leaf.detach().clone()) for path, leaf in leaves]


def _unregister(slot: _Slot) -> None:
    """Else torch.export takes a buffer for a constant of the program."""
    for known in (slot.part._buffers, slot.part._parameters):  # noqa: SLF001 - torch has no other way to take one out
        known.pop(slot.key, None)
    setattr(slot.part, slot.key, None)


class Stream(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """A program as it runs in C++: it holds what the program takes besides the inputs, from call to call."""

    def __init__(self, program: Any, held: Iterable[Held]) -> None:
        super().__init__()
        self.program = program
        self._held = [one.tensor.clone() for one in held]

    def forward(self, *inputs: Any) -> tuple[Any, ...]:
        answered = self.program(*(tensor.clone() for tensor in self._held), *inputs)
        outputs = len(answered) - len(self._held)
        self._held = [tensor.clone() for tensor in answered[outputs:]]
        return tuple(answered[:outputs])


def lines(held: Iterable[Held]) -> list[str]:
    """As signature.tsgen has them: the bytes in hexadecimal, of one element alone when all have the same."""
    return ["\t".join(("held", encode(one.name), _dtype(one), _shape(one), _bytes(one.tensor))) for one in held]


def _dtype(one: Held) -> str:
    return str(one.tensor.dtype).replace("torch.", "")


def _shape(one: Held) -> str:
    return ",".join(map(str, one.tensor.shape))


def _bytes(tensor: Any) -> str:
    raw = npy.raw_bytes(tensor)
    first = raw[: tensor.element_size()]
    return (first if first * tensor.numel() == raw else raw).hex()
