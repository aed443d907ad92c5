"""What one method of the loaded program may write, read from its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from . import rules
from .heap import CONSTANT, INPUT, STATE, Heap, Place, settle
from .program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..aliases import ScriptModule
    from ..messages import Node
    from .heap import Rule

GROUPS = ("list", "tuple", "record")


@dataclass(frozen=True)
class Arguments:
    """The inputs of a signature. `takes`: of a flat export, which leaf each argument is."""

    nodes: tuple[Node, ...]
    takes: tuple[str, ...] = ()

    @property
    def leaves(self) -> list[str]:
        return [node.name for node in self.nodes if node.kind not in GROUPS]

    def leaf_at(self, path: str) -> str:
        """`images.*` for `images.0`, when that is how it is called."""
        return next((name for name in self.leaves if _matches(name, path)), "")

    def bound(self, names: Sequence[str]) -> list[str]:
        """The input that each argument of these names is."""
        if self.takes:
            return [self.leaf_at(path) for path in self.takes]
        roots = [node.name for node in self.nodes if "." not in node.name]
        by_name = set(roots) <= set(names)  # a trace may have names of its own: then the order decides
        return [name if name in roots else "" for name in names] if by_name else roots


def _matches(name: str, path: str) -> bool:
    parts, wanted = name.split("."), path.split(".")
    return len(parts) == len(wanted) and all(part in ("*", key) for part, key in zip(parts, wanted))


def written_by(module: ScriptModule, entry: str, arguments: Arguments) -> tuple[set[str], set[str]]:
    """(the model's own, inputs). What a call stores in the model counts as written: the next one may change it."""
    method = getattr(module, entry)
    heap, program = Heap(), Program(module)
    reader = program.enter(method.graph)
    first, *rest = reader.graph.inputs()
    reader.bind_module(first, "")
    names = [each.name for each in method.schema.arguments[1:]]
    for value, name in zip(rest, arguments.bound(names)):
        if name and reader.is_memory(value):
            reader.add(rules.point(reader.key(value), Place(INPUT, name)))
    for node in arguments.nodes:
        reader.add(_nested(node, arguments))
    reader.read()
    settle(heap, program.rules)
    return _state(program, heap), _inputs(heap, set(arguments.leaves))


def _nested(node: Node, arguments: Arguments) -> Rule:
    parts = [each.name for each in arguments.nodes if each.name and each.name.rpartition(".")[0] == node.name]
    fields = [None if node.kind == "list" else number for number in range(len(parts))]

    def rule(heap: Heap) -> None:
        for field, part in zip(fields, parts):
            heap.hold([Place(INPUT, node.name)], [Place(INPUT, part)], field)

    return rule


def _state(program: Program, heap: Heap) -> set[str]:
    found = {place.name for place, how in heap.written if place.kind == STATE and _is_one(program, place, how)}
    constants = {place.name for place, how in heap.written if place.kind == CONSTANT and how == "tensor"}
    return found | constants


def _is_one(program: Program, place: Place, how: str) -> bool:
    """What holds what is not always told apart: a tensor does not grow like a list, and a number is not written."""
    try:
        value = program.at(place.name)
    except Exception:  # noqa: BLE001 - what Python cannot show may be anything
        return True
    if how == "group":
        return not isinstance(value, torch.Tensor)
    return how == "attribute" or not isinstance(value, (bool, int, float, str))


def _inputs(heap: Heap, leaves: Iterable[str]) -> set[str]:
    written = {place for place, how in heap.written if how == "tensor"}
    return {place.name for place in written | _kept(heap) if place.kind == INPUT} & set(leaves)


def _kept(heap: Heap) -> set[Place]:
    """What the model holds afterwards: a program's own memory, which may be gone at the next call."""
    return heap.within(heap.holders(STATE))
