"""A signature as JSON: in the worker's answer, and in manifest.json, which a clone brings from somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from tsgen.types import DTYPES, Kind, Node, Signature, grown
from tsgen.types.tree import EACH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tsgen.types import Tree

_CONSTANTS: Mapping[str, type] = {"int": int, "float": float, "bool": bool, "str": str}
_NOT_FINITE = ("inf", "-inf", "nan")


def signature_of(document: Mapping[str, Any]) -> Signature:
    """Of `{"signature": {"inputs", "outputs"}, "dims", "methods"}`; raises KeyError or TypeError for anything else."""
    methods = document.get("methods", {})
    return _signature(
        {**document["signature"], "dims": document["dims"]},
        methods={name: _signature(method) for name, method in methods.items()},
    )


def document_of(signature: Signature) -> dict[str, Any]:
    """What `signature_of` reads; keys that have their default value are left out of a node."""
    methods = {name: {**_sides(method), "dims": method.dims} for name, method in signature.methods.items()}
    return {"signature": _sides(signature), "dims": signature.dims, "methods": methods}


def check(signature: Signature) -> None:
    """Raises TypeError, with what is wrong, for a signature that no model of ours can have."""
    for name, each in {"forward": signature, **signature.methods}.items():
        _require(name.isidentifier(), f"`{name}` is no method")
        _require(all(type(size) is int for size in each.dims.values()), "a size of `dims` is no whole number")
        for nodes in (each.inputs, each.outputs):
            _check_nodes(nodes)


def _check_nodes(nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        _check_node(node)
    _require(len({node.name for node in nodes}) == len(nodes), "two nodes have one name")
    try:
        trees = grown(nodes)
    except ValueError as error:
        raise TypeError(str(error)) from error
    for tree in trees:
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
    _require(type(node.name) is str, "a name is no text")
    _require(node.kind in get_args(Kind), f"`{node.name}` is of an unknown kind")
    _require(type(node.optional) is bool, f"whether `{node.name}` is optional is not said")
    _require(type(node.type) is str, f"the type of `{node.name}` is no text")
    if node.kind == "tensor":
        _require(node.dtype in DTYPES, f"the dtype of `{node.name}` is not one")
        _require(all(map(_is_dimension, node.shape or ())), f"the shape of `{node.name}` is not one")
    if node.kind == "constant":
        _require(type(node.value) is _CONSTANTS.get(node.type), f"the value of `{node.name}` is not of its type")
    for word, value in (("default", node.default), ("example", node.example)):
        _require(value is None or _is_of(node.kind, value), f"the {word} of `{node.name}` is no {node.kind}")


def _is_of(kind: str, value: Any) -> bool:
    return type(value) is _CONSTANTS.get(kind) or (kind == "float" and value in _NOT_FINITE)


def _is_dimension(item: Any) -> bool:
    return (type(item) is int and item >= 0) or (isinstance(item, str) and item.isidentifier())


def _require(holds: bool, problem: str) -> None:  # noqa: FBT001 - like an assert
    if not holds:
        raise TypeError(problem)


def _signature(document: Mapping[str, Any], methods: Mapping[str, Signature] | None = None) -> Signature:
    return Signature(
        inputs=_nodes(document["inputs"]),
        outputs=_nodes(document["outputs"]),
        dims=dict(document["dims"]),
        methods=dict(methods or {}),
    )


def _nodes(documents: Iterable[Mapping[str, Any]]) -> tuple[Node, ...]:
    return tuple(map(_node, documents))


def _node(document: Mapping[str, Any]) -> Node:
    shape = document.get("shape", ())
    if document["kind"] == "tensor" and "shape" not in document:
        raise KeyError("shape")
    return Node(**{**document, "shape": None if shape is None else tuple(shape)})


def _sides(signature: Signature) -> dict[str, Any]:
    return {
        "inputs": list(map(_node_document, signature.inputs)),
        "outputs": list(map(_node_document, signature.outputs)),
    }


def _node_document(node: Node) -> dict[str, Any]:
    words: dict[str, Any] = {"name": node.name, "kind": node.kind}
    if node.kind == "tensor":
        words |= {"dtype": node.dtype, "shape": None if node.shape is None else list(node.shape)}
    if node.kind == "constant":
        words["value"] = node.value
    rest: dict[str, Any] = {"optional": node.optional or None, "type": node.type or None}
    rest |= {"default": node.default, "example": node.example}
    return words | {key: value for key, value in rest.items() if value is not None}
