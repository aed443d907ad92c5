"""A signature as lines: in the text that travels inside the artifact, and in the typed API that is made for it.

docs/reference/file-formats.md tells them. tsgen imports this module too, as it does messages.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .messages import OPEN
from .values.names import encode

if TYPE_CHECKING:
    from .messages import Dim, Node, Scalar, Signature, Writes

__all__ = ["OPEN_WORD", "encode", "interface", "lines"]

OPEN_WORD = "_"
"""An open dimension: a lone `?` is a shape of any rank. For programs of an older tsgen this is a name like others."""


def lines(signature: Signature) -> list[str]:
    """All that is known of the signature."""
    text = [
        *(f"dim\t{name}\t{size}" for name, size in signature.dims.items()),
        *_ends(signature),
        *_writes(signature.writes),
    ]
    for name, method in signature.methods.items():
        text += [f"entry\t{encode(name)}", *lines(method)]
    return text


def interface(signature: Signature) -> list[str]:
    """What a typed API was made for: the rest of the text may differ."""
    text = _ends(signature)
    for name, method in signature.methods.items():
        text += [f"entry\t{encode(name)}", *interface(method)]
    return text


def _ends(signature: Signature) -> list[str]:
    inputs = [f"input\t{_line(node)}" for node in signature.inputs]
    return inputs + [f"output\t{_line(node)}" for node in signature.outputs]


def _line(node: Node) -> str:
    return "\t".join((encode(node.name), node.kind + "?" * node.optional, *_rest(node)))


def _rest(node: Node) -> tuple[str, ...]:
    if node.kind == "tensor":
        return node.dtype, "?" if node.shape is None else ",".join(map(_dimension, node.shape))
    if node.kind == "record":
        return (encode(node.type),)
    if node.kind == "constant":
        return node.type, encode(_shown(node.value))
    return () if node.default is None else (encode(_shown(node.default)),)


def _dimension(dim: Dim) -> str:
    return OPEN_WORD if dim == OPEN else str(dim)


def _writes(writes: Writes) -> list[str]:
    return [
        *(f"writes\tstate\t{encode(name)}" for name in writes.state),
        *(f"writes\tinput\t{encode(name)}" for name in writes.inputs),
    ]


def _shown(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
