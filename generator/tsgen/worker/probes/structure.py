"""Other structures of the example: a list of another length, an optional input left out, another number."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from ..calls.draw import call_of
from ..host.memory import memory_bounded
from ..progress import progress
from ..reasons import Requirement
from ..reference.eager import Probe, attempt
from ..values import trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, Value
    from ..calls.plan import Call, Plan


def restructured(model: Model, plan: Plan, bound: int) -> list[Probe]:
    """Each is an optional requirement: where the model accepts it, an export should carry it, and may fail to."""
    found = []
    for requirement, label, template in _variants(plan):
        progress(label)
        given = call_of(plan, "random-2", plan.sizes, bound, template=template)
        tried = attempt(model, label.replace(" ", "-"), given, plan.sizes, case=True, requirement=requirement)
        if isinstance(tried, Probe):
            found.append(tried)
    return found


def _variants(plan: Plan) -> Iterator[tuple[Requirement, str, Call[str, Any]]]:
    """(requirement, label, template)."""
    for path in plan.lists:
        for count, template in _lengths(plan.template, path):
            yield Requirement("list", path), f"length {path} {count}", template
    for name in plan.nullable:
        if plan.template.get(name) is not None:
            yield Requirement("optional", name), f"without {name}", {**plan.template, name: None}
    for path, value in plan.literals:
        for number, other in enumerate(_other_numbers(value), start=2):
            yield Requirement("number", path), f"number {path} {number}", _with(plan, path, other)


def unusual(model: Model, plan: Plan, bound: int, seconds: float) -> list[Probe]:
    """Numbers and strings on which TorchScript differs from Python: it counts bytes, and wraps at 64 bits.

    A number may be a size. So memory is bounded, and what gets much slower with one is not tried with the next.
    """
    found = []
    for path, value in plan.literals:
        for number, other in enumerate(_UNUSUAL.get(type(value), ()), start=1):
            given = call_of(plan, "random-2", plan.sizes, bound, template=_with(plan, path, other))
            with memory_bounded(ROOM):
                requirement = Requirement("number", path)
                tried = attempt(model, f"unusual-{path}-{number}", given, plan.sizes, requirement=requirement)
            if isinstance(tried, Probe):
                found.append(tried)
            if isinstance(tried, Probe) and tried.seconds > SLOWER * seconds + PATIENCE:
                break
    return found


_UNUSUAL: dict[type, tuple[Any, ...]] = {
    int: (-1, 13, 97),
    float: (0.1, 3.0, 1e-07, 1234567.0),
    str: ("Aäß9 Zö",),
}
ROOM = 1 << 30
"""Bytes that a call with an unusual number may take."""
SLOWER, PATIENCE = 10, 0.05


def _with(plan: Plan, path: str, other: Any) -> Call[str, Any]:
    return _replaced(plan.template, path, functools.partial(_instead, other))


def _lengths(template: Call[str, Any], path: str) -> Iterator[tuple[int, Call[str, Any]]]:
    now = len(trees.at(template, path))
    for count in {now + 1: 0, max(now - 1, 1): 0}:
        if now and count != now:
            yield count, _replaced(template, path, lambda value, count=count: _resized(value, count))


def _resized(value: list[Any], count: int) -> list[Any]:
    return type(value)([*value, *[value[-1]] * count][:count])


def _other_numbers(value: Value) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1) if value > 1 else (value + 1,)
    if isinstance(value, float):
        return (value * 0.5 + 0.25, -value) if value > 0 else (value - 1.0,)
    return ()


def _instead(other: Any, _value: Any) -> Any:
    return other


def _replaced(template: Call[str, Any], path: str, change: Any) -> Call[str, Any]:
    """The call with the part at `path` changed."""
    name, _, rest = path.partition(".")
    return {**template, name: _replaced_in(template[name], rest, change)}


def _replaced_in(value: Value, path: str, change: Any) -> Any:
    if not path:
        return change(value)
    key, _, rest = path.partition(".")
    group = trees.group_of(value)
    if group is None:
        return value
    return trees.rebuilt(
        value, [_replaced_in(child, rest, change) if name == key else child for name, child in group.children]
    )
