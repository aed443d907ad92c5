"""A model that keeps state from call to call: its probes are one sequence of calls, from its first on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .eager import Probe, Rejection, attempt, not_accepted
from .protocol import Problem
from .repeatable import copy_of
from .values import call_of

if TYPE_CHECKING:
    from .plan import Plan

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
    calls += [(kind, call_of(plan, kind, plan.sizes, bound)) for kind in KINDS]
    for number, (name, given) in enumerate(calls, start=1):
        tried = attempt(model, f"step-{number}-{name}", given, plan.sizes_of(given), case=True)
        if isinstance(tried, Rejection):
            raise not_accepted(tried, plan)
        found.append(tried)
    return untouched, found
