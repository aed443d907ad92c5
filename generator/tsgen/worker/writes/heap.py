"""Which memory every value of a program may be, or be a view of, and what every place may hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Callable, NamedTuple, Union

if TYPE_CHECKING:
    from collections.abc import Iterable

Field = Union[int, str, None]
"""The element of a tuple or attribute of an object; None: some element."""
STATE, INPUT, CONSTANT, MADE = "state", "input", "constant", "made"


class Place(NamedTuple):
    """`state`: an attribute of the model by its path; `input`: what was passed in, by its path in the signature;
    `constant`: a tensor in the code; `made`: a list, tuple, dict or object that the call itself makes.

    A tensor that the call makes has no place: nobody else can see it.
    """

    kind: str
    name: str


class Heap:
    """Grows until nothing more is found: what is asked of it is right for every order of the program's steps."""

    def __init__(self) -> None:
        self.grew = False
        self.written: set[tuple[Place, str]] = set()
        """And as what: `tensor`, `group` (a list or dict) or `attribute` (another value was put there)."""
        self._values: defaultdict[str, set[Place]] = defaultdict(set)
        self._held: defaultdict[tuple[Place, Field], set[Place]] = defaultdict(set)
        self._fields: defaultdict[Place, set[Field]] = defaultdict(set)

    def of(self, value: str) -> frozenset[Place]:
        return frozenset(self._values[value])

    def point(self, value: str, places: Iterable[Place]) -> None:
        self._add(self._values[value], places)

    def hold(self, holders: Iterable[Place], places: Iterable[Place], field: Field = None) -> None:
        for holder in holders:
            self._fields[holder].add(field)
            self._add(self._held[holder, field], places)

    def write(self, places: Iterable[Place], how: str) -> None:
        new = {(place, how) for place in places} - self.written
        self.written |= new
        self.grew = self.grew or bool(new)

    def read(self, places: Iterable[Place], field: Field = None) -> set[Place]:
        """What an element may be. Elements of elements may be written down as elements, so a place is among its own."""
        found: set[Place] = set()
        for place in places:
            known = self._fields[place]
            exact = field is not None and known and None not in known
            found |= set() if exact else {place}
            for each in {field} if exact else known:
                found |= self._held[place, each]
        return found

    def holders(self, kind: str) -> set[Place]:
        return {place for place in self._fields if place.kind == kind}

    def within(self, places: Iterable[Place]) -> set[Place]:
        """All that can be reached from these places, themselves included."""
        found, ahead = set(places), list(places)
        while ahead:
            new = self.read([ahead.pop()]) - found
            found |= new
            ahead += new
        return found

    def _add(self, known: set[Place], places: Iterable[Place]) -> None:
        new = set(places) - known
        known |= new
        self.grew = self.grew or bool(new)


Rule = Callable[[Heap], None]


def settle(heap: Heap, rules: list[Rule]) -> None:
    """Apply every rule, and those that a rule adds, until nothing grows."""
    known = -1
    while heap.grew or known != len(rules):
        heap.grew, known = False, len(rules)
        for rule in list(rules):
            rule(heap)
