"""Whether a signature is one that the worker gives: a clone brings somebody's manifest.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tsgen.types import DTYPES, grown
from tsgen.types.tree import EACH
from tsgen.worker.messages import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Dim, Node, Signature, Tree

_CONSTANTS: Mapping[str, type] = {"int": int, "float": float, "bool": bool, "str": str}
_NOT_FINITE = ("inf", "-inf", "nan")


def check(signature: Signature) -> None:
    """Raises ValueError, with what is wrong, for a signature that no model of ours can have."""
    for name, each in {"forward": signature, **signature.methods}.items():
        _require(name.isidentifier(), f"`{name}` is no method")
        _require(each is signature or not each.methods, f"the method `{name}` has methods itself")
        names = {node.name for node in each.inputs}
        _require(all(name in names for name in each.writes.inputs), "what is written is no input")
        for nodes in (each.inputs, each.outputs):
            _check_nodes(nodes)
        _require(not any(OPEN in (node.shape or ()) for node in each.inputs), "an input has an open dimension")


def check_said(sides: Mapping[str, Any]) -> None:
    """Raises ValueError for a node that leaves out what has a default here and none in a file."""
    for node in (*sides["inputs"], *sides["outputs"]):
        _require("kind" in node, f"`{node['name']}` has no kind")
        _require(node["kind"] != "tensor" or "shape" in node, f"`{node['name']}` has no shape")


def _check_nodes(nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        _check_node(node)
    _require(len({node.name for node in nodes}) == len(nodes), "two nodes have one name")
    for tree in grown(nodes):
        _check_children(tree)


def _check_children(tree: Tree) -> None:
    """The elements of a list have one description, and are not always the same."""
    each = [child for child in tree.children if child.key == EACH]
    if tree.node.kind == "list":
        changing = len(each) == len(tree.children) == 1 and each[0].node.kind not in {"constant", "none"}
        _require(changing, f"the elements of `{tree.node.name}` are not described")
    else:
        _require(not each, f"`{tree.node.name}` is no list")
    for child in tree.children:
        _check_children(child)


def _check_node(node: Node) -> None:
    if node.kind == "tensor":
        _require(node.dtype in DTYPES, f"the dtype of `{node.name}` is not one")
        _require(all(map(_is_dimension, node.shape or ())), f"the shape of `{node.name}` is not one")
    if node.kind == "constant":
        _require(type(node.value) is _CONSTANTS.get(node.type), f"the value of `{node.name}` is not of its type")
    for word, value in (("default", node.default), ("example", node.example)):
        _require(value is None or _is_of(node.kind, value), f"the {word} of `{node.name}` is no {node.kind}")


def _is_of(kind: str, value: Any) -> bool:
    return type(value) is _CONSTANTS.get(kind) or (kind == "float" and value in _NOT_FINITE)


def _is_dimension(item: Dim) -> bool:
    return item == OPEN or item.isidentifier() if isinstance(item, str) else item >= 0


def _require(holds: bool, problem: str) -> None:  # noqa: FBT001 - like an assert
    if not holds:
        raise ValueError(problem)
