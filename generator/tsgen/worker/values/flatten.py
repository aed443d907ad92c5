"""A nested value as a tree of named tensors; numbers and strings become tensors too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

import torch

from ..messages import Problem
from .dtypes import dtype_name
from .trees import Group, group_of, join

if TYPE_CHECKING:
    from ..aliases import TorchTensor, Value
    from ..messages import GroupKind, Kind

SINGLE = "output"
"""The name of an output that is one bare tensor."""

_NUMBERS = {bool: torch.bool, int: torch.int64, float: torch.float64}
_SCALARS: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str"}
_WAY_OUT = "let forward return tensors, numbers, and tuples, lists or dicts of them; a small wrapper module can do that"
ELEMENT = "*"
"""In a signature, the part of a path that stands for the elements of a list."""


@dataclass(frozen=True)
class Leaf:
    """`name` is the path in the value; in `place` the fields of a NamedTuple are numbers, as a trace leaves them."""

    name: str
    place: str
    tensor: Any
    kind: Kind = "tensor"
    """`tensor`, `int`, `float`, `bool` or `str`; what travels is a tensor in any case."""
    value: Any = None
    """Of a number or a string."""
    open: frozenset[int] = frozenset()
    """The axes that are as long as values say, so that another call may have another size there."""

    @property
    def dtype(self) -> str:
        return dtype_name(self.tensor.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)


@dataclass(frozen=True)
class Branch:
    kind: GroupKind
    type: str
    children: tuple[tuple[str, Tree], ...]


Tree = Union[Leaf, Branch, None]


def tree_of(value: Value, name: str = "", place: str = "") -> Tree:
    """Copies: a model may hand out a buffer it overwrites in its next call. Raises Problem(unsupported)."""
    group = group_of(value)
    if group is not None:
        return _branch(group, name, place)
    if value is None:
        return None
    if isinstance(value, torch.Tensor):
        return Leaf(name or SINGLE, place or SINGLE, _plain(value, name))
    if isinstance(value, (str, *_NUMBERS)):
        return _scalar(value, name, place)
    where = f" at {name!r}" if name else ""
    raise Problem("unsupported", f"forward returned {type(value).__name__!r}{where}, which is no tensor", _WAY_OUT)


def _branch(group: Group, name: str, place: str) -> Branch:
    children = []
    for (key, child), number in zip(group.children, group.places):
        if "." in key or key in (ELEMENT, ""):
            raise Problem(
                "unsupported", f"a dict has the key {key!r}", "use keys without '.' that are not empty or '*'"
            )
        children.append((key, tree_of(child, join(name, key), join(place, number))))
    keys = [key for key, _ in children]
    if len(set(keys)) < len(keys):
        raise Problem("unsupported", f"a dict has two keys that are written {_twice(keys)!r}", "use other keys")
    return Branch(group.kind, group.type, tuple(children))


def _twice(keys: list[str]) -> str:
    return next(key for key in keys if keys.count(key) > 1)


def travelling(output: Value, constants: frozenset[str]) -> list[Any]:
    """The tensors of an output and its changing numbers, in order, as a flat export answers them."""
    return [
        leaf if isinstance(leaf, torch.Tensor) else scalar_tensor(leaf)
        for place, leaf in _placed(output, "")
        if leaf is not None and place not in constants
    ]


def _placed(value: Value, place: str) -> list[tuple[str, Any]]:
    group = group_of(value)
    if group is None:
        return [(place or SINGLE, value)]
    pairs = zip(group.children, group.places)
    return [leaf for (_, child), number in pairs for leaf in _placed(child, join(place, number))]


def scalar_tensor(value: Value) -> TorchTensor:
    """A number as a tensor without dimensions, a string as its bytes in UTF-8."""
    if isinstance(value, str):
        return torch.tensor(list(value.encode("utf-8")), dtype=torch.uint8, device="cpu")
    kind = next(kind for kind in _NUMBERS if isinstance(value, kind))
    return torch.tensor(value, dtype=_NUMBERS[kind], device="cpu")


def _scalar(value: Value, name: str, place: str) -> Leaf:
    kind = next(kind for kind in _SCALARS if isinstance(value, kind))
    return Leaf(name or SINGLE, place or SINGLE, scalar_tensor(value), _SCALARS[kind], kind(value))


def leaves_in(tree: Tree) -> list[Leaf]:
    if isinstance(tree, Branch):
        return [leaf for _, child in tree.children for leaf in leaves_in(child)]
    return [] if tree is None else [tree]


def leaves_of(value: Value) -> list[Leaf]:
    """Raises Problem(unsupported)."""
    return leaves_in(tree_of(value))


def answer_of(output: Value) -> Tree:
    """What forward returned. Raises Problem(unsupported) when there is no tensor in it."""
    tree = tree_of(output)
    if not leaves_in(tree):
        raise Problem("unsupported", "forward returned no tensor", _WAY_OUT)
    return tree


def _plain(tensor: TorchTensor, name: str) -> TorchTensor:
    where = name or SINGLE
    if tensor.is_quantized or tensor.layout != torch.strided:
        what = "a quantized" if tensor.is_quantized else "a sparse"
        raise Problem("unsupported", f"{where} is {what} tensor", "return tensor.dequantize() or tensor.to_dense()")
    if tensor.is_meta:
        raise Problem("unsupported", f"{where} is on the meta device, without numbers", "give the model its weights")
    if tensor.is_nested:
        raise Problem("unsupported", f"{where} is a nested tensor", "return torch.nested.to_padded_tensor(...)")
    dtype_name(tensor.dtype)
    return tensor.detach().cpu().clone()
