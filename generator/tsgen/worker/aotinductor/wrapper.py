"""The model as AOTInductor takes it: tensors in, by position, and tensors out, whatever its own values look like.

What it keeps from call to call goes in before the inputs, and comes out after the answer.
All else is part of the program: a number or a text that goes in is the example's for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import arguments
from ..values import trees
from ..values.flatten import leaves_in, travelling, tree_of

if TYPE_CHECKING:
    from ..aliases import Value
    from ..candidates.subject import Subject
    from .lifted import Held, Lifted


HELD = "model"
"""The wrapper's attribute: what its tensors' names begin with."""


@dataclass(frozen=True)
class _Place(trees.Leaf):
    """Stands where a tensor goes."""

    index: int


@dataclass(frozen=True)
class Wrapped:
    module: Any
    tensors: tuple[Any, ...]
    """What is held, and the example's in the order of `takes`."""
    takes: tuple[str, ...]
    fixed: dict[str, Any]
    """The numbers and texts of the example, by path."""
    held: tuple[Held, ...] = ()


class _Flat(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    def __init__(self, lifted: Lifted, positional: list[Any], named: dict[str, Any], constants: frozenset[str]) -> None:
        super().__init__()
        self.model = lifted.model  # under the name HELD
        self._lifted = lifted
        self._number = len(lifted.held)
        self._positional = positional
        self._named = named
        self._constants = constants

    def forward(self, *tensors: Any) -> tuple[Any, ...]:
        # Strict torch.export reads this as Python's bytecode: what is plain is kept plain.
        given = tensors[self._number :]
        positional = [_filled(value, given) for value in self._positional]
        named = {name: _filled(value, given) for name, value in self._named.items()}
        if self._lifted.changes:
            return self._keeping(tensors[: self._number], positional, named)
        output = self.model(*positional, **named)
        if isinstance(output, torch.Tensor):
            return (output,)
        return tuple(travelling(output, self._constants))

    def _keeping(self, held: tuple[Any, ...], positional: list[Any], named: dict[str, Any]) -> tuple[Any, ...]:
        self._lifted.put(held)
        try:
            output = self.model(*positional, **named)
        finally:
            after = self._lifted.taken()
        return (*((output,) if isinstance(output, torch.Tensor) else travelling(output, self._constants)), *after)


def wrapped(subject: Subject, lifted: Lifted) -> Wrapped:
    """`lifted`: the subject's model."""
    leaves = leaves_in(tree_of(subject.example))
    takes = tuple(leaf.name for leaf in leaves if leaf.kind == "tensor")
    place = {name: _Place(index) for index, name in enumerate(takes)}
    call = {name: trees.mapped(place.get, value, name) for name, value in subject.example.items()}
    positional, named = arguments(subject.model, call)
    return Wrapped(
        _Flat(lifted, positional, named, subject.constants).eval(),
        (
            *(one.tensor.clone() for one in lifted.held),
            *(leaf.tensor.clone() for leaf in leaves if leaf.kind == "tensor"),
        ),
        takes,
        {leaf.name: leaf.value for leaf in leaves if leaf.kind != "tensor"},
        lifted.held,
    )


def _filled(value: Value, tensors: tuple[Any, ...]) -> Value:
    if isinstance(value, _Place):
        return tensors[value.index]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return trees.mapped(lambda _, leaf: tensors[leaf.index] if isinstance(leaf, _Place) else leaf, value)
