"""The nodes of one graph as data. What only names a constant or an attribute is written where it is used."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from ..messages.inspection import Block, Step

if TYPE_CHECKING:
    from ..aliases import Graph, GraphBlock, GraphNode, GraphValue


_PLACE = re.compile(r" # (\S+):(\d+):\d+$")
_NAMED = ("prim::Constant", "prim::GetAttr")
_LONG = 60
"""A literal in a node is cut after so many characters."""


class Reader:
    """`module`: the path of the submodule that the graph belongs to; the graph's first value is that submodule."""

    def __init__(self, graph: Graph, module: str) -> None:
        self._attributes = {next(graph.inputs()).debugName(): module.split(".") if module else []}
        self._depth = len(module.split(".")) if module else 0
        self._literals: dict[str, str] = {}

    def body(self, graph: Graph) -> Block:
        """Of a method, without its first input, which is the module itself."""
        whole = self._block(graph)
        return replace(whole, inputs=whole.inputs[1:])

    def _block(self, block: GraphBlock) -> Block:
        steps = tuple(self._step(node) for node in block.nodes() if not self._names_something(node))
        return Block(tuple(map(_typed, block.inputs())), steps, tuple(map(self._word, block.outputs())))

    def _word(self, value: GraphValue) -> str:
        """`%x` for a value that is computed, else what it is: `self.weight`, `[1, 1]`."""
        name = value.debugName()
        if name in self._attributes:
            return ".".join(["self", *self._attributes[name][self._depth :]])
        return self._literals.get(name, f"%{name}")

    def _names_something(self, node: GraphNode) -> bool:
        kind = node.kind()
        if kind == "prim::Constant":
            self._literals[node.output().debugName()] = _literal(node)
        elif kind == "prim::GetAttr" and node.input().debugName() in self._attributes:
            before = self._attributes[node.input().debugName()]
            self._attributes[node.output().debugName()] = [*before, node.s("name")]
        elif kind == "prim::ListConstruct" and all(each.debugName() in self._literals for each in node.inputs()):
            items = ", ".join(self._word(each) for each in node.inputs())
            self._literals[node.output().debugName()] = f"[{items}]"
        else:
            return False
        return True

    def _step(self, node: GraphNode) -> Step:
        values = list(node.inputs())
        # Of a call the first value is the submodule, of a function the function: the operator's name says it.
        is_call = node.kind() in {"prim::CallMethod", "prim::CallFunction"}
        arguments = zip(_argument_names(node, len(values)), map(self._word, values))
        return Step(
            operator=node.kind(),
            label=self._label(node, values),
            arguments=tuple(arguments)[1 if is_call else 0 :],
            outputs=tuple(map(_typed, node.outputs())),
            source=_source(node),
            call=self._call(node, values),
            blocks=tuple(map(self._block, node.blocks())),
        )

    def _call(self, node: GraphNode, values: list[Any]) -> tuple[str, str] | None:
        """None too where the submodule is only known when it runs (a module interface)."""
        if node.kind() != "prim::CallMethod" or values[0].debugName() not in self._attributes:
            return None
        return ".".join(self._attributes[values[0].debugName()]), node.s("name")

    def _label(self, node: GraphNode, values: list[Any]) -> str:
        """What people call the node: `conv2d`, `layer1.forward`, `relu`, `If`."""
        if node.kind() == "prim::CallMethod":
            return f"{self._word(values[0])}.{node.s('name')}".removeprefix("self.")
        if node.kind() == "prim::CallFunction":
            return self._word(values[0]).rpartition(".")[2]
        name = node.kind().partition("::")[2]
        return f"{name} {node.s('name')}" if node.kind() in {"prim::GetAttr", "prim::SetAttr"} else name


def _typed(value: GraphValue) -> tuple[str, str]:
    return f"%{value.debugName()}", value.type().annotation_str


def _argument_names(node: GraphNode, count: int) -> list[str]:
    try:
        schema = torch._C.parse_schema(node.schema())  # noqa: SLF001
    except RuntimeError:  # "(no schema)"
        return [""] * count
    names = [each.name for each in schema.arguments]
    return [*names, *([""] * count)][:count]


def _literal(node: GraphNode) -> str:
    value = node.output()
    if value.type().kind() == "FunctionType":
        return str(node.s("name"))
    found = value.toIValue()
    if isinstance(found, torch.Tensor):
        return f"tensor {str(found.dtype).replace('torch.', '')}{list(found.shape)}"
    text = json.dumps(found) if isinstance(found, str) else str(found)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _source(node: GraphNode) -> str:
    """`model.py:12`: where the line stood when the model was exported; empty when the file does not say."""
    match = _PLACE.search(str(node).partition("\n")[0])
    if not match:
        return ""
    file = match[1].replace("\\", "/").rpartition("/")[2]
    return f"{file}:{match[2]}" if file and not file.startswith("<") else ""
