"""What the graphs of an exported module say of themselves: lines of compiled Python, arithmetic on sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..users_code.failures import source_line
from ..users_code.origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import GraphBlock, GraphNode, ScriptModule

_COMPILED = re.compile(r"File \"([^\"]+)\", line (\d+)")
_TRACED = re.compile(r"^(.+)\((\d+)\): ", re.MULTILINE)
"""A recorded node knows the whole stack, a compiled one its own line."""
_FLOATS = ("Float", "Double", "Half", "BFloat16")
_OF_SIZES = ("aten::size", "aten::numel", "aten::len", "aten::sym_size")
_STRINGS = (
    "upper lower capitalize title swapcase len ord center ljust rjust zfill find rfind index rindex list __getitem__ "
    "slice isalpha isalnum isupper islower isdigit isidentifier isdecimal isnumeric isprintable isspace istitle strip "
    "lstrip rstrip splitlines expandtabs"
)
_OF_BYTES = {f"aten::{name}" for name in _STRINGS.split()}
"""What is done byte by byte on a std::string, with C's toupper and isalpha: outside of ASCII Python has other answers.

stringOpGenArgs and its neighbours in torch/csrc/jit/runtime/register_prim_ops.cpp, torch 2.14.1.
"""
_EXACT = ("prim::NumToTensor", "aten::Int", "aten::IntImplicit", "aten::ScalarImplicit")
"""They hand a size on as it is.

A trace has each size as an int64 tensor without dimensions (tracer::getSizeOf, torch/csrc/jit/frontend/tracer.cpp), so
that dividing it gives torch's default float32.
"""
_BENDING = {
    *_OF_SIZES, *_EXACT, "aten::Bool", "aten::Float", "aten::item", "aten::is_nonzero", "aten::stride", "aten::equal",
    "prim::ListUnpack", "prim::PythonOp", "prim::CallMethod", "prim::CallFunction", "prim::tolist",
}  # fmt: skip
"""Where a number leaves the tensors, and calls whose inside is not seen here."""


def compiled_lines(module: ScriptModule) -> set[tuple[str, int]]:
    """(file, line) of each node that torch.jit.script made."""
    found = (_COMPILED.search(node.sourceRange()) for graph in _graphs(module) for node in _walk(graph))
    return {(match[1], int(match[2])) for match in found if match}


def string_by_bytes(module: ScriptModule) -> str:
    """The line where compiled code does with a string what TorchScript does byte by byte; empty for none."""
    nodes = (node for graph in _graphs(module) for node in _walk(graph) if node.kind() in _OF_BYTES)
    taking = (node for node in nodes if any(value.type().kind() == "StringType" for value in node.inputs()))
    match = next((match for node in taking if (match := _COMPILED.search(node.sourceRange()))), None)
    return source_line(match[1], int(match[2])) if match else ""


def rounded_size(module: ScriptModule) -> str:
    """The line where a trace computes on a size in floating point, in Python a double; empty for none."""
    of_sizes: set[str] = set()
    constants: set[str] = set()
    for node in _nodes_of_trace(module):
        inputs = [value.debugName() for value in node.inputs()]
        known = all(name in of_sizes or name in constants for name in inputs)
        if node.kind() == "prim::Constant":
            constants |= {value.debugName() for value in node.outputs()}
        elif node.kind() in _OF_SIZES or (known and any(name in of_sizes for name in inputs)):
            of_sizes |= {value.debugName() for value in node.outputs()}
            if _is_floating_number(node):
                return _place(node)
    return ""


def is_straight(module: ScriptModule) -> bool:
    """Whether nothing in a trace depends on a size or a value: no branch, no number taken out, no list taken apart."""
    nodes = (node for graph in _graphs(module) for node in _walk(graph))
    return not any(node.kind() in _BENDING or any(node.blocks()) for node in nodes)


def _is_floating_number(node: GraphNode) -> bool:
    if node.kind() in (*_OF_SIZES, *_EXACT) or node.outputsSize() != 1:
        return False
    kind = node.output().type()
    return kind.kind() == "TensorType" and kind.dim() == 0 and kind.scalarType() in _FLOATS


def _place(node: GraphNode) -> str:
    places = _TRACED.findall(node.sourceRange())
    mine = [place for place in places if is_users(place[0])] or places
    return source_line(mine[0][0], int(mine[0][1])) if mine else node.kind()


def _graphs(module: ScriptModule) -> list[Any]:
    names = [name for name in ("forward", *module._c._method_names()) if hasattr(module, name)]  # noqa: SLF001
    entries = [getattr(module, name) for name in dict.fromkeys(names)]
    return [entry.inlined_graph for entry in entries if hasattr(entry, "inlined_graph")]


def _nodes_of_trace(module: ScriptModule) -> list[Any]:
    graph = getattr(module, "inlined_graph", None)
    return list(graph.nodes()) if graph is not None else []


def _walk(block: GraphBlock) -> Iterator[Any]:
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from _walk(inner)
