"""The inputs an export is judged on: they differ in values, in every dynamic dimension, and in what may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import conversions, far, repeatable, sequence
from .eager import Probe, Rejection, attempt, not_accepted
from .progress import progress
from .sizes import varied
from .structure import restructured, unusual
from .values import RANGES, call_of, has_unbounded_integers

if TYPE_CHECKING:
    from .candidates.exported import Frozen
    from .plan import Plan

_COUNTED = "the export keeps the value it has now; no input that was tried shows it, a later call may"
CASES = ("ones", "random-1", "random-2")
SPARE = "random-3"
"""Takes the place of a case the model does not accept."""
OTHERS = ("negative", "large", "small", "zeros")
SLOW = 1.0
"""Seconds of a call from which on only what is needed most is run."""


@dataclass(frozen=True)
class Probed:
    """`model` is what to export: the one that was probed, or an untouched copy when it keeps state."""

    model: Any
    probes: list[Probe]
    sequence: bool = False
    """The model keeps state from call to call: the probes are one sequence of calls."""
    notes: list[str] = field(default_factory=list)
    taken: tuple[Frozen, ...] = ()
    """Where the model's Python takes values out of tensors."""
    counter: str = ""
    """The Python attribute that alone makes it keep state: its answers do not show it."""
    sizes: far.Sizes | None = None
    """Tries further sizes."""


def probe(model: Any, plan: Plan, *, counters: bool = True) -> Probed:
    """Raises Problem when the model accepts no example, or draws random numbers.

    `counters`: Python attributes that change from call to call make it one that keeps state.
    """
    progress("probe the model")
    before, untouched = repeatable.state_of(model), repeatable.copy_of(model)
    bound = _integer_bound(model, plan)
    found = _cases(model, plan, bound)
    numbers = repeatable.numbers_of(model)
    kept = repeatable.kept_state(model, found[0])
    counter = repeatable.changed_number(numbers, repeatable.numbers_of(model))
    taken = conversions.of_call(model, found[0])
    if kept or (counter and counters and untouched is not None):
        made = sequence.probes(untouched, plan, bound, kept or f"its attribute {counter} changes")
        return Probed(*made, sequence=True, taken=taken, counter="" if kept else counter)
    repeatable.check_first_call(model, before, untouched, found)
    slow = found[0].seconds > SLOW
    found += restructured(model, plan, bound)
    found += [] if slow else unusual(model, plan, bound, found[0].seconds)
    if plan.slots:
        found += _others(model, plan, bound, slow=slow)
        found += varied(model, plan, bound, slow=slow)
    # On a copy: a model may remember the longest input it has seen, and is then no longer what is to be exported.
    sizes = far.beginning(repeatable.copy_of(model) or model, plan, bound, found)
    found += sizes.usual()
    return Probed(model, found, notes=_notes(found, counter), taken=taken, sizes=sizes)


def _integer_bound(model: Any, plan: Plan) -> int:
    if not has_unbounded_integers(plan):
        return RANGES[0]
    for bound in RANGES[:-1]:
        tried = attempt(repeatable.copy_of(model) or model, "", call_of(plan, "random-1", plan.sizes, bound), {})
        if isinstance(tried, Probe):
            return bound
    return RANGES[-1]


def _cases(model: Any, plan: Plan, bound: int) -> list[Probe]:
    """The user's own calls, then drawn ones. Raises Problem when none is accepted, or one of the user's is not."""
    found = _own(model, plan)
    own = len(found)
    refused: Rejection | None = None
    for kind in (*CASES, SPARE) if plan.slots else CASES[:1]:
        if len(found) - own == len(CASES) or (own and not plan.slots):
            break
        tried = attempt(model, kind, call_of(plan, kind, plan.sizes, bound), plan.sizes, case=True)
        if isinstance(tried, Probe):
            found.append(tried)
        else:
            refused = tried
    if not found and refused is not None:
        raise not_accepted(refused, plan)
    return found


def _own(model: Any, plan: Plan) -> list[Probe]:
    found = []
    for number, given in enumerate(plan.calls, start=1):
        name = "example" if number == 1 else f"example-{number}"
        tried = attempt(model, name, given, plan.sizes_of(given), case=True)
        if isinstance(tried, Rejection):
            raise not_accepted(tried, plan)
        found.append(tried)
    return found


def _others(model: Any, plan: Plan, bound: int, *, slow: bool) -> list[Probe]:
    wanted = [(kind, call_of(plan, kind, plan.sizes, bound)) for kind in (OTHERS[:1] if slow else OTHERS)]
    if len(plan.slots) > 1 and not slow:
        wanted += [
            (f"negative {slot.name}", call_of(plan, "negative", plan.sizes, bound, only=slot.name))
            for slot in plan.slots
        ]
    tried = [attempt(model, name, given, plan.sizes) for name, given in wanted]
    return [one for one in tried if isinstance(one, Probe)]


def _notes(probes: list[Probe], counter: str) -> list[str]:
    names = ", ".join(sorted({path for probe in probes for path in probe.changed}))
    changes = [f"the model changes its input in place: {names}"] if names else []
    words = f"its attribute {counter} changes from call to call, in Python alone: {_COUNTED}"
    return changes + ([words] if counter else []) + _notes_of_nan(probes)


def _notes_of_nan(probes: list[Probe]) -> list[str]:
    tensors = [leaf.tensor for probe in probes for leaf in probe.expected if leaf.tensor.is_floating_point()]
    useless = bool(tensors) and all(bool(tensor.isnan().all()) for tensor in tensors)
    return ["every output is NaN on every input that was tried, so there is nothing to compare"] if useless else []
