"""A signature's nodes as the tree they spell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.worker.messages import FIXED, GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tsgen.worker.messages import Node, Signature

EACH = "*"
"""The part of a path that stands for every element of a list."""
_SHOWN = (3, 2, 1)
"""How many values of a group are told, from the outermost group inwards."""


@dataclass(frozen=True, kw_only=True)
class Tree:
    node: Node
    key: str
    """The last part of its name: a field, a position, or EACH."""
    children: tuple[Tree, ...] = ()


def grown(nodes: Sequence[Node]) -> tuple[Tree, ...]:
    """The roots: forward's parameters, or the one value that it returns. Raises ValueError when a group is missing."""
    alone = bool(nodes) and nodes[0].name == "" and nodes[0].kind in GROUPS
    rest = list(nodes)
    roots: list[Tree] = []
    while rest:
        if "." in rest[0].name or (alone and roots):
            raise ValueError(f"`{rest[0].name}` belongs to no group before it")
        roots.append(_taken(rest))
    return tuple(roots)


def _taken(rest: list[Node]) -> Tree:
    """The first node with all that is below it; they leave `rest`."""
    node = rest.pop(0)
    children: list[Tree] = []
    while node.kind in GROUPS and rest and rest[0].name and rest[0].name.rpartition(".")[0] == node.name:
        children.append(_taken(rest))
    return Tree(node=node, key=node.name.rpartition(".")[2], children=tuple(children))


def leaves(roots: Iterable[Tree], present: Collection[str]) -> Iterator[tuple[str, Node]]:
    """The values of one call by their concrete names, when the call brought `present`: in the signature's order.

    What may be left out, and the elements of a list, are there when `present` has them; all others always.
    """
    for tree in roots:
        yield from _leaves(tree, tree.node.name, present)


def _leaves(tree: Tree, name: str, present: Collection[str]) -> Iterator[tuple[str, Node]]:
    node = tree.node
    below = [item for item in present if not name or item == name or item.startswith(f"{name}.")]
    if node.kind in FIXED or (node.optional and not below):
        return
    if node.kind not in GROUPS:
        yield name, node
    for child in tree.children:
        keys = _elements(name, below) if child.key == EACH else [child.key]
        for key in keys:
            yield from _leaves(child, f"{name}.{key}" if name else key, below)


def _elements(name: str, below: Iterable[str]) -> list[str]:
    """The elements of a list up to the last that is there: those between may be lists without elements."""
    parts = [item.removeprefix(f"{name}." if name else "").partition(".")[0] for item in below]
    numbers = [int(part) for part in parts if part.isdecimal()]
    return [str(number) for number in range(max(numbers, default=-1) + 1)]


def described(roots: Sequence[Tree]) -> str:
    """The values of a call in one short line."""
    return ", ".join(_words(tree, 0) for tree in roots) or "nothing"


def _words(tree: Tree, depth: int) -> str:
    node = tree.node
    fixed = {"constant": repr(node.value), "none": "None"}
    words = _group_words(tree, depth) if node.kind in GROUPS else fixed.get(node.kind) or _leaf_words(node)
    return words + ("?" if node.optional else "")


def _leaf_words(node: Node) -> str:
    if node.kind != "tensor":
        return node.kind
    return f"{node.dtype}[{'?' if node.shape is None else ','.join(map(str, node.shape))}]"


def _group_words(tree: Tree, depth: int) -> str:
    before, after = {"list": ("list[", "]"), "tuple": ("(", ")"), "record": ("{", "}")}[tree.node.kind]
    return before + _inside(tree, depth, named=tree.node.kind == "record") + after


def _inside(tree: Tree, depth: int, *, named: bool) -> str:
    shown = _SHOWN[min(depth, len(_SHOWN) - 1)]
    words = [f"{child.key}: " * named + _words(child, depth + 1) for child in tree.children[:shown]]
    return ", ".join(words + ["..."] * (len(tree.children) > shown))


def signature_text(signature: Signature) -> str:
    """`list[float32[3,H,W]] -> list[{boxes: float32[d0,4], ...}]`."""
    return f"{described(grown(signature.inputs))} -> {described(grown(signature.outputs))}"
