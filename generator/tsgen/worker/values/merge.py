"""One description of many values: what is always alike, what varies, what may be absent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from ..messages import OPEN, Node, Problem
from .flatten import ELEMENT, SINGLE, Branch, Leaf
from .trees import LIST, RECORD, TUPLE, join

if TYPE_CHECKING:
    from ..messages import Dim, Kind
    from .flatten import Tree

Seen = list
"""(which call, value): an element of a list is seen as often as it has elements."""


@dataclass
class Dims:
    """The sizes of the named dimensions in each call, and the names that were made for others."""

    sizes: list[dict[str, int]]
    made: dict[str, int] = field(default_factory=dict)
    _names: dict[tuple[tuple[int, int], ...], str] = field(default_factory=dict)
    """By the sizes seen: what always changes alike has one name."""

    def of(self, seen: Seen[tuple[int, int]]) -> Dim:
        """A number when it never changed; the dimension that it equals in every call; else a name of its own."""
        if len({size for _, size in seen}) == 1:
            return int(seen[0][1])
        for name in self.sizes[0]:
            if all(size == self.sizes[call].get(name) for call, size in seen):
                return name
        if tuple(seen) not in self._names:
            self._names[tuple(seen)] = self._fresh(seen[0][1])
        return self._names[tuple(seen)]

    def opened(self, dim: Dim) -> Dim:
        """Of a size that values decide: a name of its own promises nothing, a number or an input's name would."""
        return dim if dim in self.made else OPEN

    def _fresh(self, size: int) -> str:
        number = 0
        while f"d{number}" in self.made or f"d{number}" in self.sizes[0]:
            number += 1
        self.made[f"d{number}"] = size
        return f"d{number}"


def merged_call(calls: list[Tree], dims: Dims) -> list[Node]:
    """Nodes in preorder; the parameters of forward are the roots."""
    nodes = _record("", [(index, call) for index, call in enumerate(calls) if isinstance(call, Branch)], dims)[1:]
    # An input is no constant, whatever was tried.
    return [
        Node(node.name, cast("Kind", node.type), optional=node.optional) if node.kind == "constant" else node
        for node in nodes
    ]


def merged_answer(answers: list[Tree], dims: Dims) -> list[Node]:
    """A bare leaf is called `output`; the root of a group has an empty name."""
    return _constants_of(_node("", list(enumerate(answers)), dims))


def _constants_of(nodes: list[Node]) -> list[Node]:
    if len(nodes) == 1 and nodes[0].kind == "constant":
        raise Problem(
            "unsupported", f"forward always returns {nodes[0].value!r}", "let forward return what it computes"
        )
    return nodes


def _node(name: str, seen: Seen[tuple[int, Tree]], dims: Dims) -> list[Node]:
    present = [(call, value) for call, value in seen if value is not None]
    if not present:
        return [Node(name or SINGLE, "none")]
    if all(isinstance(value, Leaf) for _, value in present):
        nodes = [_leaf(name or SINGLE, present, dims)]
    elif all(isinstance(value, Branch) for _, value in present):
        nodes = _branch(name, present, dims)
    else:
        raise _changes(name, "is a tensor", "a group of them")
    if len(present) < len(seen) and nodes[0].kind != "none":
        nodes[0] = replace(nodes[0], optional=True)
    return nodes


def _leaf(name: str, seen: Seen[tuple[int, Any]], dims: Dims) -> Node:
    first = seen[0][1]
    kinds = {leaf.kind for _, leaf in seen}
    if len(kinds) == 1 and kinds != {"tensor"}:
        return _scalar(name, first, seen)
    other = next((leaf for _, leaf in seen if leaf.dtype != first.dtype), None)
    if other is not None:
        raise _changes(name, f"is {first.dtype}", other.dtype)
    if len({len(leaf.shape) for _, leaf in seen}) > 1:
        return Node(name, "tensor", first.dtype, None)
    shape = [dims.of([(call, leaf.shape[axis]) for call, leaf in seen]) for axis in range(len(first.shape))]
    for axis in {axis for _, leaf in seen for axis in leaf.open}:
        shape[axis] = dims.opened(shape[axis])
    return Node(name, "tensor", first.dtype, tuple(shape))


def _scalar(name: str, first: Leaf, seen: Seen[tuple[int, Any]]) -> Node:
    """What never changes is a constant of the typed API."""
    alike = all(type(leaf.value) is type(first.value) and leaf.value == first.value for _, leaf in seen)
    if alike:
        return Node(name, "constant", type=first.kind, value=first.value)
    return Node(name, first.kind)


def _branch(name: str, seen: Seen[tuple[int, Any]], dims: Dims) -> list[Node]:
    kinds = {branch.kind for _, branch in seen}
    if kinds == {RECORD}:
        return _record(name, seen, dims)
    if RECORD in kinds:
        raise _changes(name, "is a dict", "a list")
    lengths = {len(branch.children) for _, branch in seen}
    if len(lengths) == 1:
        return [Node(name, TUPLE), *_children(name, seen, dims)]
    elements = [(call, child) for call, branch in seen for _, child in branch.children]
    described = _node(join(name, ELEMENT), elements, dims)
    if described[0].kind in ("constant", "none"):
        raise Problem(
            "unsupported",
            f"{name or SINGLE} is a list of another length from call to call, in which nothing is computed",
            "let forward return tensors",
        )
    return [Node(name, LIST), *described]


def _record(name: str, seen: Seen[tuple[int, Any]], dims: Dims) -> list[Node]:
    return [Node(name, RECORD, type=seen[0][1].type), *_children(name, seen, dims)]


def _children(name: str, seen: Seen[tuple[int, Any]], dims: Dims) -> list[Node]:
    keys = dict.fromkeys(key for _, branch in seen for key, _ in branch.children)
    nodes: list[Node] = []
    for key in keys:
        nodes += _node(join(name, key), [(call, dict(branch.children).get(key)) for call, branch in seen], dims)
    return nodes


def _changes(name: str, one: str, other: str) -> Problem:
    return Problem(
        "unsupported",
        f"{name or SINGLE} {one} on one input and {other} on another",
        "let forward take and return the same kinds of values on every call",
    )
