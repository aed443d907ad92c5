"""A wrapper traced: tensors in, tensors out, whatever the model's own values look like.

Numbers go in as tensors without dimensions, which PyTorch's operators take in a number's place, so that a trace keeps
them as inputs. The structure of the values is known to the signature; the program's typed API restores it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import arguments
from ..values import trees
from ..values.flatten import leaves_in, travelling, tree_of
from .exported import Exported, unfit
from .trace import recorded_run

if TYPE_CHECKING:
    from ..calls.plan import Call
    from .subject import Subject


class _Flat(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    def __init__(self, model: Any, example: Call[str, Any], takes: tuple[str, ...], constants: frozenset[str]) -> None:
        super().__init__()
        self.model = model
        self._example = example
        self._takes = takes
        self._constants = constants

    def forward(self, *tensors: Any) -> tuple[Any, ...]:
        given = dict(zip(self._takes, tensors))
        call = {name: trees.mapped(given.get, value, name) for name, value in self._example.items()}
        positional, named = arguments(self.model, call)
        return tuple(travelling(self.model(*positional, **named), self._constants))


def export(subject: Subject) -> Exported:
    return export_fixing(subject, set(subject.steady))


def export_with_fixed_numbers(subject: Subject) -> Exported:
    """Export a model that needs Python numbers: those of the example become constants."""
    numbers = {leaf.name for leaf in leaves_in(tree_of(subject.example)) if leaf.kind in ("int", "float", "bool")}
    if not numbers:
        raise unfit("no_number", "takes no number that could be fixed", "export")
    return export_fixing(subject, numbers)


def export_fixing(subject: Subject, paths: set[str]) -> Exported:
    """Strings are fixed in any case: no tensor can stand in their place."""
    leaves = leaves_in(tree_of(subject.example))
    fixed = {leaf.name: leaf.value for leaf in leaves if leaf.name in paths or leaf.kind == "str"}
    if len(leaves) == len(fixed):
        raise unfit("no_tensor", "takes no tensor", "export")
    takes = tuple(leaf.name for leaf in leaves if leaf.name not in fixed)
    wrapper = _Flat(subject.model, subject.example, takes, subject.constants).eval()
    made = recorded_run(wrapper, tuple(leaf.tensor.clone() for leaf in leaves if leaf.name in takes))
    return replace(made, flat=True, model="model", takes=takes, fixed=fixed)
