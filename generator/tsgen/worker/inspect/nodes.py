"""The nodes of one graph as data. What only names a constant or an attribute is written where it is used."""

from __future__ import annotations

import json
import re
from typing import Any

import torch

_PLACE = re.compile(r" # (\S+):(\d+):\d+$")
_NAMED = ("prim::Constant", "prim::GetAttr")
_LONG = 60
"""A literal in a node is cut after so many characters."""


class Reader:
    """`module`: the path of the submodule that the graph belongs to; the graph's first value is that submodule."""

    def __init__(self, graph: Any, module: str) -> None:
        self._attributes = {next(graph.inputs()).debugName(): module.split(".") if module else []}
        self._depth = len(module.split(".")) if module else 0
        self._literals: dict[str, str] = {}

    def nodes(self, block: Any) -> list[dict[str, Any]]:
        return [self._node(node) for node in block.nodes() if not self._names_something(node)]

    def value(self, value: Any) -> dict[str, str]:
        return {"name": f"%{value.debugName()}", "type": value.type().annotation_str}

    def word(self, value: Any) -> str:
        """`%x` for a value that is computed, else what it is: `self.weight`, `[1, 1]`."""
        name = value.debugName()
        if name in self._attributes:
            return ".".join(["self", *self._attributes[name][self._depth :]])
        return self._literals.get(name, f"%{name}")

    def _names_something(self, node: Any) -> bool:
        kind = node.kind()
        if kind == "prim::Constant":
            self._literals[node.output().debugName()] = _literal(node)
        elif kind == "prim::GetAttr" and node.input().debugName() in self._attributes:
            before = self._attributes[node.input().debugName()]
            self._attributes[node.output().debugName()] = [*before, node.s("name")]
        elif kind == "prim::ListConstruct" and all(each.debugName() in self._literals for each in node.inputs()):
            items = ", ".join(self.word(each) for each in node.inputs())
            self._literals[node.output().debugName()] = f"[{items}]"
        else:
            return False
        return True

    def _node(self, node: Any) -> dict[str, Any]:
        values = list(node.inputs())
        call = self._call(node, values)
        # Of a call the first value is the submodule, of a function the function: the operator's name says it.
        is_call = node.kind() in {"prim::CallMethod", "prim::CallFunction"}
        return {
            "operator": node.kind(),
            "label": self._label(node, values),
            "inputs": [
                {"name": name, "value": self.word(value)}
                for name, value in zip(_argument_names(node, len(values)), values)
            ][1 if is_call else 0 :],
            "outputs": [self.value(each) for each in node.outputs()],
            "call": call,
            "source": _source(node),
            "blocks": [self._block(each) for each in node.blocks()],
        }

    def _block(self, block: Any) -> dict[str, Any]:
        nodes = self.nodes(block)
        return {
            "inputs": [self.value(each) for each in block.inputs()],
            "nodes": nodes,
            "outputs": [self.word(each) for each in block.outputs()],
        }

    def _call(self, node: Any, values: list[Any]) -> dict[str, str] | None:
        """None too where the submodule is only known when it runs (a module interface)."""
        if node.kind() != "prim::CallMethod" or values[0].debugName() not in self._attributes:
            return None
        return {"module": ".".join(self._attributes[values[0].debugName()]), "method": node.s("name")}

    def _label(self, node: Any, values: list[Any]) -> str:
        """What people call the node: `conv2d`, `layer1.forward`, `relu`, `If`."""
        if node.kind() == "prim::CallMethod":
            return f"{self.word(values[0])}.{node.s('name')}".removeprefix("self.")
        if node.kind() == "prim::CallFunction":
            return self.word(values[0]).rpartition(".")[2]
        name = node.kind().partition("::")[2]
        return f"{name} {node.s('name')}" if node.kind() in {"prim::GetAttr", "prim::SetAttr"} else name


def _argument_names(node: Any, count: int) -> list[str]:
    try:
        schema = torch._C.parse_schema(node.schema())  # noqa: SLF001
    except RuntimeError:  # "(no schema)"
        return [""] * count
    names = [each.name for each in schema.arguments]
    return [*names, *([""] * count)][:count]


def _literal(node: Any) -> str:
    value = node.output()
    if value.type().kind() == "FunctionType":
        return str(node.s("name"))
    found = value.toIValue()
    if isinstance(found, torch.Tensor):
        return f"tensor {str(found.dtype).replace('torch.', '')}{list(found.shape)}"
    text = json.dumps(found) if isinstance(found, str) else str(found)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _source(node: Any) -> str:
    """`model.py:12`: where the line stood when the model was exported; empty when the file does not say."""
    match = _PLACE.search(str(node).partition("\n")[0])
    if not match:
        return ""
    file = match[1].replace("\\", "/").rpartition("/")[2]
    return f"{file}:{match[2]}" if file and not file.startswith("<") else ""
