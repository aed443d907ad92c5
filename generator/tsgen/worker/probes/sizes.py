"""Other sizes of each dynamic dimension: what a trace has frozen shows there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..calls.draw import call_of
from ..calls.plan import is_batch
from ..messages import Problem
from ..progress import progress
from ..reasons import Rejection, Requirement
from ..reference.eager import Probe, attempt

if TYPE_CHECKING:
    from ..aliases import Model
    from ..calls.plan import Plan

KINDS = ("random-1", "ones")
_SEVERAL = 3
LARGE = 64
"""From this size on half of it is tried before its double: images grow with the square."""


def varied(model: Model, plan: Plan, bound: int, *, slow: bool) -> list[Probe]:
    """Each dimension alone, then all together. Raises Problem when a dimension that was asked for cannot vary."""
    if slow and len(plan.sizes) > 1:
        at_once = _all_at_once(model, plan, bound)
        if at_once:
            return at_once
    found = [probe for name in plan.sizes for probe in _varied(model, plan, bound, name, slow=slow)]
    return found + _together(model, plan, bound, found, slow=slow)


def _together(model: Model, plan: Plan, bound: int, found: list[Probe], *, slow: bool) -> list[Probe]:
    """All that were asked for at once, then the others one by one on top: what varies alone may not with others."""
    first = {
        name: (size, one.requirement)
        for one in reversed(found)
        if one.case
        for name, size in _changed(one, plan).items()
    }
    asked = {name: size for name, (size, requirement) in first.items() if not requirement}
    together = _attempt(model, plan, bound, "all sizes", {**plan.sizes, **asked}) if len(asked) > 1 else []
    sizes = {**plan.sizes, **asked}
    unasked = [name for name in plan.sizes if name in first and first[name][1]]
    for number, name in enumerate(unasked):
        sizes[name] = first[name][0]
        alone = not asked and number == 0
        if not alone and (not slow or name == unasked[-1]):
            together += _attempt(model, plan, bound, f"sizes up to {name}", dict(sizes), Requirement("size", name))
    if slow or len(unasked) < _SEVERAL:
        return together
    return together + _all_but_one(model, plan, bound, unasked, sizes)


def _all_but_one(model: Model, plan: Plan, bound: int, unasked: list[str], sizes: dict[str, int]) -> list[Probe]:
    """What is left to vary together when one of them turns out to be frozen."""
    found: list[Probe] = []
    for name in unasked[:-1]:
        kept = {**sizes, name: plan.sizes[name]}
        found += _attempt(model, plan, bound, f"sizes but {name}", kept, Requirement("size", unasked[-1]))
    return found


def _all_at_once(model: Model, plan: Plan, bound: int) -> list[Probe]:
    """A slow model is not called once more for each dimension, when it takes all of them changed."""
    asked = [name for name in plan.sizes if name not in plan.unasked]
    likely = {
        name: (*plan.other_sizes.get(name, ()), *others(plan.sizes[name], batch=is_batch(plan, name))) for name in asked
    }
    sizes = {
        **plan.sizes,
        **{name: next(size for size in sizes if size != plan.sizes[name]) for name, sizes in likely.items()},
    }
    found = _attempt(model, plan, bound, "all-sizes", sizes) if asked else []
    return [replace(probe, case=True) for probe in found]


def _changed(probe: Probe, plan: Plan) -> dict[str, int]:
    return {name: size for name, size in probe.sizes.items() if size != plan.sizes[name]}


def _varied(model: Model, plan: Plan, bound: int, name: str, *, slow: bool) -> list[Probe]:
    progress(f"vary {name}")
    refused: Rejection | None = None
    requirement = Requirement("size", name) if name in plan.unasked else None
    usual = others(plan.sizes[name], batch=is_batch(plan, name))
    for size in dict.fromkeys((*plan.other_sizes.get(name, ()), *usual)):
        tried = _first(model, plan, bound, size, name, requirement)
        if isinstance(tried, Probe):
            one = [] if slow or size == 1 else _one(model, plan, bound, name, requirement)
            return [tried, *one]
        refused = tried
    if requirement or shows(plan, name):
        return []  # nobody asked for it, or it takes values that we cannot draw
    raise Problem(
        "bad_input",
        f"the dimension {name} cannot vary: the model accepts it as {plan.sizes[name]} only"
        + (f" ({refused.said})" if refused else ""),
        _way_out(plan, name),
    )


def shows(plan: Plan, name: str) -> bool:
    """Whether the user's own examples have another size of the dimension."""
    return any(plan.sizes_of(given)[name] != plan.sizes[name] for given in plan.calls)


def _way_out(plan: Plan, name: str) -> str:
    size = plan.sizes[name]
    alike = [other for other, theirs in plan.sizes.items() if other != name and theirs == size]
    number = f"write the number instead of the name: {size} for {name}"
    return f"if {name} and {alike[0]} must be equal, call both {name}; else {number}" if alike else number


def others(size: int, *, batch: bool) -> list[int]:
    """The sizes to try, likeliest first."""
    if batch:
        wanted = [3, size + 1, 2 * size, 1]
    elif size >= LARGE:
        wanted = [size // 2, 2 * size, size * 3 // 2, size + 1]
    else:
        wanted = [2 * size, size * 3 // 2, size + 1, size // 2]
    return [other for other in dict.fromkeys(wanted) if other not in (size, 0)]


def _one(model: Model, plan: Plan, bound: int, name: str, requirement: Requirement | None) -> list[Probe]:
    """A batch of one is what most programs will send; a model may refuse it."""
    wanted = is_batch(plan, name) and plan.sizes[name] != 1
    return _attempt(model, plan, bound, f"{name}=1", {**plan.sizes, name: 1}, requirement) if wanted else []


def _attempt(
    model: Model, plan: Plan, bound: int, label: str, sizes: dict[str, int], requirement: Requirement | None = None
) -> list[Probe]:
    tried = attempt(model, label, call_of(plan, KINDS[0], sizes, bound), sizes, requirement=requirement)
    return [tried] if isinstance(tried, Probe) else []


def _first(model: Model, plan: Plan, bound: int, size: int, name: str, requirement: Requirement | None) -> Any:
    sizes = {**plan.sizes, name: size}
    tried: Any = None
    for kind in KINDS:
        given = call_of(plan, kind, sizes, bound)
        tried = attempt(model, f"size-{name}-{size}", given, sizes, case=True, requirement=requirement)
        if isinstance(tried, Probe):
            return tried
    return tried
