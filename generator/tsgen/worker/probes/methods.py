"""The methods that the user exports besides forward: `@torch.jit.export`. Each is probed and judged like forward."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from ..artifact.signature import infer
from ..calls.draw import call_of
from ..calls.forward import parameters_of
from ..calls.plan import Plan, Slot
from ..inputs import examples
from ..messages import Problem
from ..reference.eager import Probe, attempt
from ..reference.repeatable import LOOSE, copy_of
from ..reference.view import View, is_marked
from ..state import memory, places
from ..state.kept import Kept
from ..suggest import format_names
from ..values import trees
from ..values.compare import difference
from .probe import Probed, probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..aliases import Model, Value
    from ..calls.forward import Parameter
    from ..sources.loaded import Loaded


@dataclass(frozen=True)
class Methods:
    probes: dict[str, list[Probe]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    keeping: dict[str, Kept] = field(default_factory=dict)
    """Those that change the model's state: they are proven among the calls of a sequence."""


def probed(forward: Probed, plan: Plan, loaded: Loaded) -> Methods:
    """The answers of every exported method, and notes on those that cannot be proven.

    Without example inputs of its own (`example_inputs_NAME()`) a method is called with those of forward.
    """
    found = Methods()
    for name in names_of(forward.model):
        answered = _probe(forward, name, plan, loaded)
        if isinstance(answered, Kept):
            found.keeping[name] = answered
        elif isinstance(answered, Probed):
            found.probes[name] = answered.probes
            view = View(forward.model, name)
            found.notes.extend(_left_out(view, name, _plan(view, name, plan, loaded)))
        else:
            found.notes.append(_note(name, answered.message))
    return found


def planned(model: Model, plan: Plan, loaded: Loaded) -> tuple[dict[str, Plan], list[str]]:
    """What every exported method of a model that keeps state is called with, and notes on what is not known of that."""
    plans: dict[str, Plan] = {}
    notes: list[str] = []
    for name in names_of(model):
        view = View(model, name).eval()
        planned = _plan_or_problem(view, name, plan, loaded)
        if isinstance(planned, Problem):
            notes.append(_note(name, planned.message))
        else:
            plans[name] = planned
            notes += _left_out(view, name, planned)
    return plans, notes


def _plan_or_problem(view: View, name: str, plan: Plan, loaded: Loaded) -> Plan | Problem:
    try:
        return _plan(view, name, plan, loaded)
    except Problem as problem:
        return problem


def unmarked(model: Model, paths: Iterable[str]) -> list[str]:
    """Notes on the methods that change what the model keeps from call to call, and that no mark exports."""
    known = names_of(model)
    return [
        f"{name}() changes what the model keeps, and is not in the export: mark it with @torch.jit.export"
        for name in places.methods_that_change(model, paths)
        if name not in known
    ]


def without_unclear(model: Model, found: Methods) -> Methods:
    """Without those whose answers no signature can say."""
    unclear = {name: why for name, calls in found.probes.items() if (why := _unclear(View(model, name), calls))}
    probes = {name: calls for name, calls in found.probes.items() if name not in unclear}
    notes = [_note(name, f"no signature says what it answers ({why})") for name, why in unclear.items()]
    return Methods(probes, [*found.notes, *notes], found.keeping)


def _unclear(view: View, calls: list[Probe]) -> str:
    try:
        infer(calls, view)
    except Problem as problem:
        return problem.message
    return ""


def told_as_missing(found: Methods) -> Methods:
    """Without those that change the model's state, for no export keeps it."""
    notes = [
        _note(name, f"no export carries the state that it changes ({kept.told()})")
        for name, kept in found.keeping.items()
    ]
    return Methods(found.probes, [*found.notes, *notes])


def _left_out(view: View, name: str, plan: Plan) -> list[str]:
    """Of a method: inputs that may be None, of which nothing else is known."""
    given = {key for call in (plan.template, *plan.calls) for key in call}
    missing = [entry.name for entry in parameters_of(view) if not entry.required and entry.name not in given]
    words = f"the method {name} is exported without {format_names(missing, most=3)}"
    return [f"{words}: give inputs that have it with example_inputs_{name}()"] if missing else []


def _note(name: str, why: str) -> str:
    words = f"the method {name} is not proven and not in the typed API: {why}"
    return f"{words}; give its inputs with example_inputs_{name}()"


def names_of(model: Model) -> list[str]:
    if isinstance(model, torch.jit.ScriptModule):
        return _published(model)
    kind = type(model)
    marked = [name for name in dir(kind) if is_marked(getattr(kind, name, None))]
    return [name for name in marked if name != "forward"]


def _published(model: Model) -> list[str]:
    """Of a TorchScript module: the public methods that none of its methods calls."""
    script = model._c  # noqa: SLF001 - there is no public list
    methods = {name: script._get_method(name) for name in script._method_names()}  # noqa: SLF001
    called = {name for method in methods.values() for name in _own_calls(method.graph)}
    return [name for name in sorted(methods) if not name.startswith("_") and name not in {"forward", *called}]


def _own_calls(graph: Any) -> list[str]:
    own = next(graph.inputs()).debugName()
    calls = graph.findAllNodes("prim::CallMethod")
    return [node.s("name") for node in calls if node.inputsAt(0).debugName() == own]


def _probe(forward: Probed, name: str, plan: Plan, loaded: Loaded) -> Probed | Kept | Problem:
    view = View(forward.model, name).eval()
    try:
        own = _plan(view, name, plan, loaded)
        kept = _kept(forward, name, own)
        answered = kept or probe(view, own)
    except Problem as problem:
        return problem
    return answered.kept if isinstance(answered, Probed) and answered.kept else answered


def _kept(forward: Probed, name: str, plan: Plan) -> Kept | None:
    """What a call of the method changes in the model, if forward shows that, or if it answers nothing else."""
    alone, after = copy_of(forward.untouched or forward.model), copy_of(forward.untouched or forward.model)
    if alone is None or after is None:
        return None
    before = memory.snapshot(after)
    given = plan.calls[0] if plan.calls else call_of(plan, "random-1", plan.sizes, forward.bound)
    answered = attempt(after, "", given, plan.sizes, method=name)
    written = memory.changed(before, memory.snapshot(after))
    if not isinstance(answered, Probe) or not written:
        return None
    first = forward.probes[0]
    ours, theirs = (attempt(model, "", first.call, first.sizes) for model in (alone, after))
    same = (
        isinstance(ours, Probe) and isinstance(theirs, Probe) and not difference(ours.expected, theirs.expected, LOOSE)
    )
    if same and answered.answer is not None:
        return None
    return Kept(tuple(written), f"{name}() changes {format_names(written, most=3)}")


def _plan(view: View, name: str, plan: Plan, loaded: Loaded) -> Plan:
    """Raises Problem where nothing is known of its inputs."""
    own = loaded.method_example(name, view) if loaded.method_example is not None else None
    return examples.plan(own.calls, view) if own else _like_forward(view, plan)


def _like_forward(view: View, plan: Plan) -> Plan:
    """The plan with forward's inputs of the same names, or else, of the same number, in order; and plain defaults."""
    parameters = parameters_of(view)
    wanted = [entry.name for entry in parameters if entry.required or entry.name in plan.template]
    known = [entry for entry in wanted if entry in plan.template]
    if len(known) < len(wanted) and len(wanted) != len(plan.template):
        raise Problem("input_needed", f"its parameters are not forward's ({', '.join(wanted)})")
    pairs = zip(wanted, plan.template.values())
    template = {entry: _renamed(entry, value) for entry, value in pairs}
    if len(known) == len(wanted):
        template = {entry: plan.template[entry] for entry in wanted}
    template.update({entry.name: entry.default for entry in parameters if _has_plain_default(entry, template)})
    order = [entry.name for entry in parameters]
    return replace(plan, template={name: template[name] for name in order if name in template}, calls=(), nullable=())


def _has_plain_default(parameter: Parameter, template: dict[str, Any]) -> bool:
    return parameter.name not in template and isinstance(parameter.default, (bool, int, float, str))


def _renamed(name: str, value: Value) -> Any:
    def rename(path: str, leaf: Any) -> Any:
        return replace(leaf, name=path) if isinstance(leaf, Slot) else leaf

    return trees.mapped(rename, value, name)
