"""The rules that a heap grows by. A value is named by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values.trees import join
from .heap import MADE, STATE, Heap, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .heap import Field, Rule


def point(value: str, *places: Place) -> Rule:
    return lambda heap: heap.point(value, places)


def flow(sources: Sequence[str], target: str) -> Rule:
    """The target may be any of the sources."""
    return lambda heap: heap.point(target, _all(heap, sources))


def hold(holder: Place, field: Field, value: str) -> Rule:
    return lambda heap: heap.hold([holder], heap.of(value), field)


def read(group: str, field: Field, target: str) -> Rule:
    return lambda heap: heap.point(target, heap.read(heap.of(group), field))


def get_attribute(holder: str, name: str, target: str) -> Rule:
    def rule(heap: Heap) -> None:
        for place in heap.of(holder):
            state = [attribute_of(place, name)] if place.kind == STATE else []
            heap.point(target, heap.read(state) if state else heap.read([place], name))

    return rule


def set_attribute(holder: str, name: str, value: str) -> Rule:
    def rule(heap: Heap) -> None:
        for place in heap.of(holder):
            if place.kind == STATE:
                heap.write([attribute_of(place, name)], "attribute")
                heap.hold([attribute_of(place, name)], heap.of(value))
            elif place.kind == MADE:
                heap.hold([place], heap.of(value), name)

    return rule


def attribute_of(place: Place, name: str) -> Place:
    return Place(STATE, join(place.name, name))


def write_tensor(value: str) -> Rule:
    return lambda heap: heap.write(heap.of(value), "tensor")


def write_elements(group: str) -> Rule:
    return lambda heap: heap.write(heap.read(heap.of(group)), "tensor")


def write_group(group: str, parts: Sequence[str]) -> Rule:
    """A list or dict is changed, and holds the parts or their elements from then on."""

    def rule(heap: Heap) -> None:
        heap.write(heap.of(group), "group")
        heap.hold(heap.of(group), heap.read(_all(heap, parts)))

    return rule


def derive(same: Sequence[str], within: Sequence[str], target: str, made: Place | None) -> Rule:
    """The target is one of `same` or an element of `within`; or a new group, `made`, of such."""

    def rule(heap: Heap) -> None:
        found = _all(heap, same) | heap.read(_all(heap, within))
        if made is None:
            heap.point(target, found)
        else:
            heap.point(target, [made])
            heap.hold([made], found)

    return rule


def anything(given: Sequence[str], taken: Sequence[str]) -> Rule:
    """A call of which nothing is known: it may write all it can reach, and answer with any of it."""

    def rule(heap: Heap) -> None:
        reached = heap.within(_all(heap, given))
        heap.write(reached, "tensor")
        heap.write(reached, "group")
        for value in taken:
            heap.point(value, reached)

    return rule


def _all(heap: Heap, values: Iterable[str]) -> set[Place]:
    return set().union(*(heap.of(value) for value in values))
