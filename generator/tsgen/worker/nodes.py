"""What the graphs of an exported module say of themselves: lines of compiled Python, arithmetic on sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .failures import source_line
from .origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPILED = re.compile(r"File \"([^\"]+)\", line (\d+)")
_TRACED = re.compile(r"^(.+)\((\d+)\): ", re.MULTILINE)
"""A recorded node knows the whole stack, a compiled one its own line."""
_FLOATS = ("Float", "Double", "Half", "BFloat16")
_OF_SIZES = ("aten::size", "aten::numel", "aten::len", "aten::sym_size")
_STRINGS = "upper lower capitalize title swapcase len ord center ljust rjust zfill find rfind list __getitem__ slice"
_OF_BYTES = {f"aten::{name}" for name in (*_STRINGS.split(), "isalpha", "isalnum", "isupper", "islower", "isdigit")}
_EXACT = ("prim::NumToTensor", "aten::Int", "aten::IntImplicit", "aten::ScalarImplicit")


def compiled_lines(module: Any) -> set[tuple[str, int]]:
    """(file, line) of each node that torch.jit.script made."""
    found = (_COMPILED.search(node.sourceRange()) for graph in _graphs(module) for node in _walk(graph))
    return {(match[1], int(match[2])) for match in found if match}


def string_by_bytes(module: Any) -> str:
    """Where compiled code does with a string what TorchScript does byte by byte; empty for nowhere."""
    nodes = (node for graph in _graphs(module) for node in _walk(graph) if node.kind() in _OF_BYTES)
    taking = (node for node in nodes if any(value.type().kind() == "StringType" for value in node.inputs()))
    match = next((match for node in taking if (match := _COMPILED.search(node.sourceRange()))), None)
    return source_line(match[1], int(match[2])) if match else ""


def rounded_size(module: Any) -> str:
    """Where a trace computes on a size in floating point, which Python does in double precision; empty for nowhere."""
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


def _is_floating_number(node: Any) -> bool:
    if node.kind() in (*_OF_SIZES, *_EXACT) or node.outputsSize() != 1:
        return False
    kind = node.output().type()
    return kind.kind() == "TensorType" and kind.dim() == 0 and kind.scalarType() in _FLOATS


def _place(node: Any) -> str:
    places = _TRACED.findall(node.sourceRange())
    mine = [place for place in places if is_users(place[0])] or places
    return source_line(mine[0][0], int(mine[0][1])) if mine else node.kind()


def _graphs(module: Any) -> list[Any]:
    names = [name for name in ("forward", *module._c._method_names()) if hasattr(module, name)]  # noqa: SLF001
    entries = [getattr(module, name) for name in dict.fromkeys(names)]
    return [entry.inlined_graph for entry in entries if hasattr(entry, "inlined_graph")]


def _nodes_of_trace(module: Any) -> list[Any]:
    graph = getattr(module, "inlined_graph", None)
    return list(graph.nodes()) if graph is not None else []


def _walk(block: Any) -> Iterator[Any]:
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from _walk(inner)
