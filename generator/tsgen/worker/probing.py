"""The inputs an export is judged on: they differ in values and in every dynamic dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import repeatable
from .eager import Probe, Rejection, attempt, not_accepted
from .progress import progress
from .sizes import varied
from .values import RANGES, has_integers, tensors

if TYPE_CHECKING:
    from .inputs import Plan

CASES = ("ones", "random-1", "random-2")
SPARE = "random-3"
"""Takes the place of a case the model does not accept."""
OTHERS = ("negative", "large", "small", "zeros")
SLOW = 1.0
"""Seconds of a call from which on only what is needed most is run."""


def probes_of(model: Any, plan: Plan) -> list[Probe]:
    """Raises Problem when the model accepts no example, or does not answer twice alike."""
    progress("probe the model")
    before, untouched = repeatable.state_of(model), repeatable.copy_of(model)
    bound = _integer_bound(model, plan)
    found = _cases(model, plan, bound)
    repeatable.check(model, found[0])
    repeatable.check_first_call(model, before, untouched, found)
    if plan.inputs:
        slow = found[0].seconds > SLOW
        found += _others(model, plan, bound, slow=slow)
        found += varied(model, plan, bound, slow=slow)
    return found


def _integer_bound(model: Any, plan: Plan) -> int:
    if not has_integers(plan):
        return RANGES[0]
    for bound in RANGES[:-1]:
        tried = attempt(model, "random-1", tensors(plan, "random-1", plan.sizes, bound), plan.sizes)
        if isinstance(tried, Probe):
            return bound
    return RANGES[-1]


def _cases(model: Any, plan: Plan, bound: int) -> list[Probe]:
    found: list[Probe] = []
    refused: Rejection | None = None
    for kind in (*CASES, SPARE) if plan.inputs else CASES[:1]:
        if len(found) == len(CASES):
            break
        tried = attempt(model, kind, tensors(plan, kind, plan.sizes, bound), plan.sizes, case=True)
        if isinstance(tried, Probe):
            found.append(tried)
        else:
            refused = tried
    if found or refused is None:
        return found
    example = _example(model, plan)
    if not example:
        raise not_accepted(refused, plan)
    return example


def _example(model: Any, plan: Plan) -> list[Probe]:
    """The user's own values, when they gave some with example_inputs()."""
    if plan.values is None:
        return []
    tried = attempt(model, "example", plan.values, plan.sizes, case=True)
    return [tried] if isinstance(tried, Probe) else []


def _others(model: Any, plan: Plan, bound: int, *, slow: bool) -> list[Probe]:
    wanted = [(kind, tensors(plan, kind, plan.sizes, bound)) for kind in (OTHERS[:1] if slow else OTHERS)]
    if len(plan.inputs) > 1 and not slow:
        wanted += [
            (f"negative {entry.name}", tensors(plan, "negative", plan.sizes, bound, only=entry.name))
            for entry in plan.inputs
        ]
    if plan.values is not None:
        wanted.append(("example", plan.values))
    tried = [attempt(model, name, values, plan.sizes) for name, values in wanted]
    for number, values in enumerate(plan.more_values, start=2):
        tried.append(attempt(model, f"example {number}", values, plan.sizes_of(values)))
    return [probe for probe in tried if isinstance(probe, Probe)]


def notes_of(plan: Plan, probes: list[Probe]) -> list[str]:
    places = sorted({place for probe in probes for place in probe.changed})
    names = ", ".join(plan.inputs[place].name for place in places)
    return [f"the model changes its input in place: {names}"] if names else []
