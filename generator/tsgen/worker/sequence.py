"""A model that keeps state from call to call: its probes are one sequence of calls, from its first on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .eager import Probe, Rejection, attempt, not_accepted
from .plan import is_batch
from .protocol import Problem
from .repeatable import copy_of
from .sizes import others, shows
from .values import call_of

if TYPE_CHECKING:
    from .plan import Call, Plan

KINDS = ("random-1", "random-2", "ones", "negative", "random-3")


def probes(untouched: Any, plan: Plan, bound: int, kept: str) -> tuple[Any, list[Probe]]:
    """The model as it was before its first call, and what a copy of it answers to call after call.

    Raises Problem when the model cannot be copied, or accepts no sequence.
    """
    if untouched is None:
        raise Problem(
            "unsupported",
            f"the model keeps state ({kept}), and cannot be copied to try from its beginning",
            "take the state as an input and return it as an output",
        )
    model = copy_of(untouched)
    found: list[Probe] = []
    calls = [(f"example-{number}", given) for number, given in enumerate(plan.calls, start=1)]
    drawn = [(kind, call_of(plan, kind, plan.sizes, bound)) for kind in KINDS]
    # Ours may be refused when there are the user's, and a refusal may leave traces: they are tried on a copy.
    calls += [(kind, given) for kind, given in drawn if not calls or _is_accepted(model, given)]
    for number, (name, given) in enumerate(calls, start=1):
        tried = attempt(model, f"step-{number}-{name}", given, plan.sizes_of(given), case=True)
        if isinstance(tried, Rejection):
            raise not_accepted(tried, plan)
        found.append(tried)
    asked = [name for name in plan.sizes if name not in plan.wished and not shows(plan, name)]
    found += [_resized(model, plan, bound, name, len(found) + 1) for name in asked]
    return untouched, found


def _is_accepted(model: Any, given: Call[str, Any]) -> bool:
    return isinstance(attempt(copy_of(model), "", given, {}), Probe)


def _resized(model: Any, plan: Plan, bound: int, name: str, number: int) -> Probe:
    """A step with another size of a dimension that was asked for; tried on a copy first: a refusal may leave traces.

    Raises Problem when the model accepts none.
    """
    refused = ""
    for size in others(plan.sizes[name], batch=is_batch(plan, name)):
        sizes = {**plan.sizes, name: size}
        given = call_of(plan, "random-1", sizes, bound)
        tried = attempt(copy_of(model), "", given, sizes)
        if isinstance(tried, Rejection):
            refused = tried.said
            continue
        step = attempt(model, f"step-{number}-size-{name}-{size}", given, sizes, case=True)
        if isinstance(step, Probe):
            return step
    raise Problem(
        "bad_input",
        f"the dimension {name} cannot vary from call to call: the model keeps state and accepts it as "
        f"{plan.sizes[name]} only ({refused})",
        f"write the number instead of the name: {plan.sizes[name]} for {name}",
    )
