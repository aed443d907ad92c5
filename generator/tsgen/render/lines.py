"""The lines of a signature's text form: a typed API is made for one signature, and says which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.naming import encoded

if TYPE_CHECKING:
    from tsgen.types import Node, Signature


def lines(signature: Signature) -> list[str]:
    """What docs/reference/file-formats.md calls input, output and entry; the rest of the text may differ."""
    text = _sides(signature)
    for name, method in signature.methods.items():
        text += [f"entry\t{encoded(name)}", *_sides(method)]
    return text


def _sides(signature: Signature) -> list[str]:
    inputs = [f"input\t{_line(node)}" for node in signature.inputs]
    return inputs + [f"output\t{_line(node)}" for node in signature.outputs]


def _line(node: Node) -> str:
    return "\t".join((encoded(node.name), node.kind + "?" * node.optional, *_rest(node)))


def _rest(node: Node) -> tuple[str, ...]:
    if node.kind == "tensor":
        return node.dtype, "?" if node.shape is None else ",".join(map(str, node.shape))
    if node.kind == "record":
        return (encoded(node.type),)
    if node.kind == "constant":
        return node.type, encoded(_shown(node.value))
    return () if node.default is None else (encoded(_shown(node.default)),)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
