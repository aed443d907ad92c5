"""The inputs an export is judged on: they differ in values, in every dynamic dimension, and in what may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..calls.draw import RANGES, call_of, has_unbounded_integers
from ..messages import Problem
from ..progress import progress
from ..reasons import Rejection
from ..reference import repeatable
from ..reference.eager import Probe, attempt, not_accepted
from ..state import kept as kept_state
from . import conversions, extrapolation, lengths, sequence
from .sizes import varied
from .structure import restructured, unusual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..aliases import Model
    from ..calls.plan import Plan
    from ..state.kept import Kept
    from ..users_code.frozen import Frozen

_COUNTED = "the export keeps the value it has now; no input that was tried shows it, a later call may"
CASES = ("ones", "random-1", "random-2")
SPARE = "random-3"
"""Takes the place of a case the model does not accept."""
OTHERS = ("negative", "large", "small", "zeros")
CHEAP = 0.02
"""Seconds of a call up to which nothing is spared."""
SLOW = 1.0
"""Seconds of a call from which on only what is needed most is run."""


@dataclass(frozen=True)
class Probed:
    """`model` is what to export: the one that was probed, or an untouched copy when it keeps state."""

    model: Any
    probes: list[Probe]
    kept: Kept | None = None
    """What the model keeps from call to call: the probes are one sequence of calls then."""
    notes: list[str] = field(default_factory=list)
    taken: tuple[Frozen, ...] = ()
    """Where the model's Python takes values out of tensors."""
    untouched: Any = None
    """A copy of the model from before its first call, where it can be copied."""
    methods: dict[str, list[Probe]] = field(default_factory=dict)
    """Of a sequence: the calls of each exported method in it."""
    bound: int = 0
    """Of the whole numbers that are drawn."""
    sizes: extrapolation.Sizes | None = None
    """Tries further sizes."""

    @property
    def sequence(self) -> bool:
        return self.kept is not None


def probe(model: Model, plan: Plan, answered: Sequence[Probe] = (), *, counters: bool = True) -> Probed:
    """Raises Problem when the model accepts no example, or draws random numbers.

    `answered`: what this very model was called with before.
    `counters`: Python attributes that change from call to call make it one that keeps state.
    """
    progress("probe the model")
    trial = kept_state.begin(model)
    bound = _integer_bound(model, plan)
    found = _cases(model, plan, bound, answered)
    first, seen = (*answered, *found)[0], conversions.Watch()
    kept = trial.of_same_input(first, seen.during)
    counter = kept.counter if kept else ""
    if counter and not (counters and trial.untouched is not None):
        kept = None
    kept = kept or trial.of_other_inputs(found)
    if kept:
        return of_sequence(Probed(model, found, kept, taken=seen.taken, untouched=trial.untouched, bound=bound), plan)
    slow = found[0].seconds > SLOW
    found += restructured(model, plan, bound)
    found += [] if slow else unusual(model, plan, bound, found[0].seconds)
    # Nothing that Python does can depend on what it has not seen. A cheap model is tried all the same.
    deferred = found[0].seconds > CHEAP and not seen.sizes and not seen.taken
    found += [] if deferred else _others(model, plan, bound, slow=slow)
    found += varied(model, plan, bound, slow=slow) if plan.slots else []
    kept = trial.of_other_inputs(found)
    if kept:
        return of_sequence(Probed(model, found, kept, taken=seen.taken, untouched=trial.untouched, bound=bound), plan)
    watched = next((at for at, one in enumerate(found) if one.call is first.call), 0)
    found[watched] = lengths.with_open(found[watched], model, seen.lengths)
    others = partial(_others, plan=plan, bound=bound, slow=slow)
    sizes = extrapolation.beginning(model, plan, bound, found, others if deferred else None)
    found += [] if deferred else sizes.usual()
    notes = _notes(found, counter)
    return Probed(model, found, None, notes, seen.taken, trial.untouched, bound=bound, sizes=sizes)


def of_sequence(probed: Probed, plan: Plan, methods: Mapping[str, Plan] | None = None) -> Probed:
    """The model's calls as one sequence from its first on, those of its exported methods among them.

    Raises Problem when the model cannot be copied, or accepts no sequence.
    """
    if probed.kept is None:
        raise Problem("internal", "a sequence of a model that keeps nothing")
    made = sequence.probes(probed.untouched, plan, probed.bound, probed.kept, methods or {})
    made.probes[0] = lengths.of_first(made.probes[0], probed.untouched)
    entries = {name: [one for one in made.probes if one.method == name] for name in methods or {}}
    return replace(
        probed,
        model=probed.untouched,
        probes=made.probes,
        notes=made.notes,
        methods={name: calls for name, calls in entries.items() if calls},
        sizes=None,
    )


def _integer_bound(model: Model, plan: Plan) -> int:
    if not has_unbounded_integers(plan):
        return RANGES[0]
    for bound in RANGES[:-1]:
        tried = attempt(repeatable.copy_of(model) or model, "", call_of(plan, "random-1", plan.sizes, bound), {})
        if isinstance(tried, Probe):
            return bound
    return RANGES[-1]


def _cases(model: Model, plan: Plan, bound: int, answered: Sequence[Probe]) -> list[Probe]:
    """The user's own calls, then drawn ones. Raises Problem when none is accepted, or one of the user's is not."""
    found = _own(model, plan)
    own = len(found)
    refused: Rejection | None = None
    known = {one.name: replace(one, case=True) for one in answered if bound == RANGES[0]}
    for kind in (*CASES, SPARE) if plan.slots else CASES[:1]:
        if len(found) - own == len(CASES) or (own and not plan.slots):
            break
        drawn = call_of(plan, kind, plan.sizes, bound)
        tried = known.get(kind) or attempt(model, kind, drawn, plan.sizes, case=True)
        if isinstance(tried, Probe):
            found.append(tried)
        else:
            refused = tried
    if not found and refused is not None:
        raise not_accepted(refused, plan)
    return found


def _own(model: Model, plan: Plan) -> list[Probe]:
    found = []
    for number, given in enumerate(plan.calls, start=1):
        name = "example" if number == 1 else f"example-{number}"
        tried = attempt(model, name, given, plan.sizes_of(given), case=True)
        if isinstance(tried, Rejection):
            raise not_accepted(tried, plan)
        found.append(tried)
    return found


def _others(model: Model, plan: Plan, bound: int, *, slow: bool) -> list[Probe]:
    kinds = (OTHERS[:1] if slow else OTHERS) if plan.slots else ()
    wanted = [(kind, call_of(plan, kind, plan.sizes, bound)) for kind in kinds]
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
