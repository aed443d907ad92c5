"""The methods that the user exports besides forward: `@torch.jit.export`. Each is probed and judged like forward."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from . import examples, trees
from .forward import parameters_of
from .plan import Plan, Slot
from .probing import Probed, probe
from .protocol import Problem

if TYPE_CHECKING:
    from .eager import Probe
    from .sources.loaded import Loaded

_EXPORTED = "export (compile this function even if nothing calls it)"
"""torch's own mark, FunctionModifiers.EXPORT."""


@dataclass(frozen=True)
class Methods:
    probes: dict[str, list[Probe]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class View(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """A method in forward's place."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__()
        self.model = model
        self.forward = getattr(model, name)


def probed(model: Any, plan: Plan, loaded: Loaded) -> Methods:
    """Without example inputs of its own (`example_inputs_NAME()`) a method is called with those of forward."""
    found = Methods()
    for name in names_of(model):
        answered = _probe(View(model, name).eval(), name, plan, loaded)
        if isinstance(answered, Probed):
            found.probes[name] = answered.probes
        else:
            words = f"the method {name} is not proven and not in the typed API: {answered.message}"
            found.notes.append(f"{words}; give its inputs with example_inputs_{name}()")
    return found


def names_of(model: Any) -> list[str]:
    if isinstance(model, torch.jit.ScriptModule):
        return []
    kind = type(model)
    marked = [name for name in dir(kind) if _is_exported(getattr(kind, name, None))]
    return [name for name in marked if name != "forward"]


def _is_exported(function: Any) -> bool:
    return getattr(function, "_torchscript_modifier", None) == _EXPORTED


def _probe(view: View, name: str, plan: Plan, loaded: Loaded) -> Probed | Problem:
    own = loaded.method_example(name, view) if loaded.method_example is not None else None
    try:
        answered = probe(view, examples.plan(own.calls, view) if own else _like_forward(view, plan))
    except Problem as problem:
        return problem
    return Problem("unsupported", "it changes the model's state") if answered.sequence else answered


def _like_forward(view: View, plan: Plan) -> Plan:
    """With forward's inputs of the same names, or else, of the same number, in order."""
    parameters = parameters_of(view)
    wanted = [entry.name for entry in parameters if entry.required or entry.name in plan.template]
    known = [entry for entry in wanted if entry in plan.template]
    if len(known) == len(wanted):
        return replace(plan, template={entry: plan.template[entry] for entry in wanted}, calls=(), nullable=())
    if len(wanted) != len(plan.template):
        raise Problem("input_needed", f"its parameters are not forward's ({', '.join(wanted)})")
    pairs = zip(wanted, plan.template.values())
    return replace(plan, template={entry: _renamed(entry, value) for entry, value in pairs}, calls=(), nullable=())


def _renamed(name: str, value: Any) -> Any:
    def rename(path: str, leaf: Any) -> Any:
        return replace(leaf, name=path) if isinstance(leaf, Slot) else leaf

    return trees.mapped(rename, value, name)
