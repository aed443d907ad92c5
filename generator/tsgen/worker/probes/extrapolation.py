"""Sizes far from the example, and those that a trace's own text makes doubtful.

A probe at one of them is an optional requirement: an export that is wrong there has the dimension fixed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..artifact.signature import infer
from ..calls.draw import call_of
from ..messages import Problem
from ..progress import progress
from ..reasons import Requirement
from ..reference.eager import Probe, attempt
from ..reference.repeatable import copy_of
from .sizes import shows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..aliases import Model
    from ..calls.plan import Plan

KIND = "random-1"
USUAL = 0.3
"""Seconds of eager calls that every export spends on far sizes."""
DENSE = 2.0
"""Seconds for a trace that says itself that it may be wrong at some sizes."""
TIMES = 4
"""How many times the example's size the largest is that is tried unasked."""


@dataclass
class Sizes:
    """The sizes that were tried, and what trying another one takes."""

    model: Any
    """What is to be exported."""
    plan: Plan
    bound: int
    base: Probe
    seconds: float
    """Of an eager call at the example's sizes."""
    tried: set[tuple[str, int]] = field(default_factory=set)
    deferred: Callable[[Model], list[Probe]] | None = None
    """Tries other values; they and the usual sizes wait until an export is seen that could be wrong there."""

    @cached_property
    def _copy(self) -> Any:
        """A model may remember the longest input it has seen, and is then no longer what is to be exported."""
        return copy_of(self.model) or self.model

    def usual(self) -> list[Probe]:
        """A few smaller ones and larger ones of each dimension, odd numbers too."""
        wanted = [[(name, size) for size in _usual(now)] for name, now in self.plan.sizes.items()]
        return list(self._probes(_in_turn(wanted), USUAL))

    def rest(self) -> list[Probe]:
        """What was deferred, once."""
        deferred, self.deferred = self.deferred, None
        return [*deferred(self._copy), *self.usual()] if deferred else []

    def compared(self, numbers: Iterable[int], *, own: bool = True) -> list[Probe]:
        """Around the numbers that the user's own code, or a library's, compares something with."""
        near = [other for number in numbers for other in (number + 1, number, number - 1)]
        wanted = [[(name, size) for size in near] for name in self.plan.sizes]
        return list(self._probes(_in_turn(wanted), DENSE if own else USUAL))

    def dense(self) -> list[Probe]:
        """All from one up, as far as time allows; if not all, spread evenly."""
        wanted = [[(name, size) for size in _spread(TIMES * now)] for name, now in self.plan.sizes.items()]
        return list(self._probes(_in_turn(wanted), DENSE))

    def _probes(self, wanted: Iterator[tuple[str, int]], budget: float) -> Iterator[Probe]:
        for name, size in wanted:
            times = max(1.0, size / max(self.plan.sizes[name], 1))
            cost = self.seconds * (times if times <= TIMES else times**2)
            if size < 1 or (name, size) in self.tried or cost > budget:
                continue
            self.tried.add((name, size))
            budget -= cost
            yield from self._probe(name, size)

    def _probe(self, name: str, size: int) -> list[Probe]:
        progress(f"{name} = {size}")
        sizes = {**self.plan.sizes, name: size}
        requirement = None if shows(self.plan, name) else Requirement("size", name)
        given = call_of(self.plan, KIND, sizes, self.bound)
        found = attempt(self._copy, f"size-{name}-{size}", given, sizes, requirement=requirement)
        return [replace(found, extrapolated=True)] if isinstance(found, Probe) and _fits(self.base, found) else []


def beginning(
    model: Model, plan: Plan, bound: int, found: list[Probe], deferred: Callable[[Model], list[Probe]] | None
) -> Sizes:
    """`found`: the probes so far."""
    alike = [probe for probe in found if probe.sizes == plan.sizes] or found[:1]
    tried = {(name, size) for probe in found for name, size in probe.sizes.items() if _alone(probe, plan, name)}
    return Sizes(model, plan, bound, found[0], min(probe.seconds for probe in alike), tried, deferred)


def _alone(probe: Probe, plan: Plan, name: str) -> bool:
    return all(other == name or size == plan.sizes.get(other) for other, size in probe.sizes.items())


def _usual(now: int) -> list[int]:
    return [TIMES * now, 2 * now + 1, now - 1, 1, 3 * now - 1, now + 1]


def _spread(last: int) -> list[int]:
    """1 to `last`, in an order whose beginning lies evenly over all of it."""
    step = next(step for step in (7, 11, 13, 17, 19, 23) if last % step)
    return [1 + index * step % last for index in range(last)]


def _in_turn(wanted: Iterable[list[tuple[str, int]]]) -> Iterator[tuple[str, int]]:
    return (one for several in itertools.zip_longest(*wanted) for one in several if one is not None)


def _fits(base: Probe, other: Probe) -> bool:
    """Whether one signature can describe both: a model may answer with something else altogether."""
    try:
        infer([base, other])
    except Problem:
        return False
    return True
