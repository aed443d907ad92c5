"""A model that keeps state from call to call: its probes are one sequence of calls, from its first on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..calls.draw import call_of
from ..calls.plan import is_batch
from ..messages import Problem
from ..reasons import Rejection, Requirement
from ..reference.eager import Probe, attempt, not_accepted
from ..reference.repeatable import copy_of
from ..state.kept import next_call
from .sizes import others, shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..calls.plan import Call, Plan
    from ..state.kept import Kept

KINDS = ("random-1", "random-2", "ones", "negative", "random-3")
AFTER = ("random-1", "negative")
"""What forward is called with after a method."""


@dataclass(frozen=True)
class Step:
    """One call of a sequence, not yet made."""

    label: str
    call: Call[str, Any]
    sizes: dict[str, int]
    method: str = ""


@dataclass
class _Course:
    """The calls so far, and the model after them."""

    model: Any
    found: list[Probe] = field(default_factory=list)

    def accepts(self, steps: list[Step]) -> str:
        """What the model raises; empty where it takes them. Tried on a copy: a refusal may leave traces."""
        model = copy_of(self.model)
        for step in steps:
            tried = attempt(model, "", step.call, step.sizes, method=step.method)
            if isinstance(tried, Rejection):
                return tried.said
        return ""

    def make(self, step: Step, requirement: Requirement | None = None) -> Probe | Rejection:
        name = f"step-{len(self.found) + 1}-{step.label}"
        tried = attempt(self.model, name, step.call, step.sizes, case=True, requirement=requirement, method=step.method)
        if isinstance(tried, Probe):
            self.found.append(tried)
        return tried

    def make_if_accepted(self, steps: list[Step], requirement: Requirement | None = None) -> str:
        refused = self.accepts(steps)
        for step in [] if refused else steps:
            self.make(step, requirement)
        return refused


@dataclass(frozen=True)
class Sequence:
    probes: list[Probe]
    notes: list[str] = field(default_factory=list)


def probes(untouched: Any, plan: Plan, bound: int, kept: Kept, methods: Mapping[str, Plan]) -> Sequence:
    """What a copy of the model as it was before its first call answers to call after call.

    Methods that are exported stand among the calls, forward after each; sizes that nobody asked for come last. Raises
    Problem when the model cannot be copied, or accepts no sequence.
    """
    if untouched is None:
        raise Problem(
            "unsupported",
            f"the model keeps state ({kept.told()}), and cannot be copied to try from its beginning",
            "take the state as an input and return it as an output",
        )
    course = _Course(copy_of(untouched))
    _examples(course, plan, bound)
    asked = [name for name in plan.sizes if name not in plan.unasked and not shows(plan, name)]
    for name in asked:
        _resized(course, plan, bound, name)
    notes = [note for name, own in methods.items() for note in _called(course, plan, bound, name, own)]
    for name in [name for name in plan.sizes if name in plan.unasked]:
        _resized(course, plan, bound, name)
    return Sequence(course.found, notes)


def again(untouched: Any, steps: list[Probe]) -> list[Probe]:
    """The same calls without those that were left out in between. What the model refuses then is left out as well."""
    course = _Course(copy_of(untouched))
    for step in steps:
        label = step.name.split("-", 2)[2]
        course.make(Step(label, step.call, step.sizes, step.method), step.requirement)
    return course.found


def _examples(course: _Course, plan: Plan, bound: int) -> None:
    """The user's own calls are the sequence; ours follow where the model takes them."""
    own = [Step(f"example-{number}", given, plan.sizes_of(given)) for number, given in enumerate(plan.calls, start=1)]
    drawn = [Step(kind, call_of(plan, kind, plan.sizes, bound), plan.sizes) for kind in KINDS]
    for step in own or drawn[:1]:
        tried = course.make(step)
        if isinstance(tried, Rejection):
            raise not_accepted(tried, plan)
    last = course.found[-1].call if len(own) <= 1 else None
    for _ in range(2):
        last = next_call(last) if last is not None else None
        if last is not None:
            course.make_if_accepted([Step("next", last, plan.sizes_of(last))])
    for step in drawn if own else drawn[1:]:
        course.make_if_accepted([step])


def _called(course: _Course, plan: Plan, bound: int, name: str, own: Plan) -> list[str]:
    """A method and forward after it, with every call that is known of it; a note when it accepts none."""
    known = list(own.calls) or [call_of(own, kind, own.sizes, bound) for kind in AFTER]
    known += [{**known[0], **other} for other in _other_numbers(known[0])]
    refused = ""
    for number, given in enumerate(known):
        then = call_of(plan, AFTER[number % len(AFTER)], plan.sizes, bound) if plan.slots else course.found[0].call
        steps = [Step(name, given, own.sizes, name), Step("forward", then, plan.sizes)]
        said = course.make_if_accepted(steps, Requirement("method", name))
        refused = refused or (said if number == 0 else "")
    if any(probe.method == name for probe in course.found):
        return []
    return [f"the method {name} is not proven and not in the typed API: it raises {refused}; {_GIVE.format(name)}"]


_GIVE = "give its inputs with example_inputs_{}()"


def _other_numbers(given: Call[str, Any]) -> list[Call[str, Any]]:
    return [{name: value + 1} for name, value in given.items() if type(value) is int]


def _resized(course: _Course, plan: Plan, bound: int, name: str) -> None:
    """A step with another size of a dimension. Raises Problem when it was asked for and the model accepts none."""
    refused = ""
    requirement = Requirement("size", name) if name in plan.unasked else None
    for size in others(plan.sizes[name], batch=is_batch(plan, name)):
        sizes = {**plan.sizes, name: size}
        step = Step(f"size-{name}-{size}", call_of(plan, "random-1", sizes, bound), sizes)
        refused = course.make_if_accepted([step], requirement)
        if not refused:
            return
    if requirement is None:
        raise Problem(
            "bad_input",
            f"the dimension {name} cannot vary from call to call: the model keeps state and accepts it as "
            f"{plan.sizes[name]} only ({refused})",
            f"write the number instead of the name: {plan.sizes[name]} for {name}",
        )
