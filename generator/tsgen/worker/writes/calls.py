"""Calls that cannot be inlined: of a module behind an interface, and of an object whose code is not in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rules
from .heap import MADE, STATE, Heap, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .heap import Rule
    from .program import Program

_CONTEXT = ("__enter__", "__exit__")


def call(program: Program, name: str, given: Sequence[str], taken: Sequence[str]) -> Rule:
    """Whatever module the first of `given` turns out to be, its method is read."""
    known: set[Place] = set()

    def rule(heap: Heap) -> None:
        for place in heap.of(given[0]) - known:
            known.add(place)
            if not _read(program, place, name, given, taken) and not _is_torchs(place, name):
                program.rules.append(rules.anything(given, taken))

    return rule


def _read(program: Program, place: Place, name: str, given: Sequence[str], taken: Sequence[str]) -> bool:
    module = program.module_at(place.name) if place.kind == STATE else None
    if module is None or not module._c._has_method(name):  # noqa: SLF001
        return False
    inner = program.enter(module._c._get_method(name).graph)  # noqa: SLF001
    inputs = list(inner.graph.inputs())
    inner.bind_module(inputs[0], place.name)
    for outside, inside in zip(given[1:], inputs[1:]):
        inner.add(rules.flow([outside], inner.key(inside)))
    for inside, outside in zip(inner.graph.outputs(), taken):
        inner.add(rules.flow([inner.key(inside)], outside))
    inner.read()
    return True


def _is_torchs(place: Place, name: str) -> bool:
    """`with torch.no_grad():` makes an object, enters and leaves it."""
    return place.kind == MADE and name in _CONTEXT


def children(program: Program, holder: str, target: str) -> Rule:
    def rule(heap: Heap) -> None:
        for place in heap.of(holder):
            module = program.module_at(place.name) if place.kind == STATE else None
            names = [name for name, _ in module.named_children()] if module is not None else []
            heap.point(target, [rules.attribute_of(place, name) for name in names])

    return rule
