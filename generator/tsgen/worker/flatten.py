"""A nested output as a flat list of named tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from .dtypes import dtype_name
from .protocol import Problem

SINGLE = "output"
"""The name of an output that is one bare tensor."""

_NUMBERS = {bool: torch.bool, int: torch.int64, float: torch.float64}
_WAY_OUT = "let forward return tensors, numbers, and tuples, lists or dicts of them; a small wrapper module can do that"


@dataclass(frozen=True)
class Leaf:
    """`name` is the path in the output; in `place` the fields of a NamedTuple are numbers, as a trace leaves them."""

    name: str
    place: str
    tensor: Any

    @property
    def dtype(self) -> str:
        return dtype_name(self.tensor.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)


def leaves_of(output: Any) -> list[Leaf]:
    """Copies: a model may hand out a buffer it overwrites in its next call. Raises Problem(unsupported)."""
    leaves: list[Leaf] = []
    _walk(output, "", "", leaves)
    if not leaves:
        raise Problem("unsupported", "forward returned no tensor", _WAY_OUT)
    names = [leaf.name for leaf in leaves]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Problem("unsupported", f"two outputs would be called {twice!r}", "use dict keys without '.'")
    return leaves


def _walk(value: Any, name: str, place: str, leaves: list[Leaf]) -> None:
    if value is None:
        return
    if isinstance(value, torch.Tensor):
        leaves.append(Leaf(name or SINGLE, place or SINGLE, _plain(value, name)))
    elif type(value) in _NUMBERS:
        number = torch.tensor(value, dtype=_NUMBERS[type(value)], device="cpu")
        leaves.append(Leaf(name or SINGLE, place or SINGLE, number))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            _walk(entry, _join(name, _key(key)), _join(place, _key(key)), leaves)
    elif isinstance(value, (tuple, list)):
        fields = getattr(value, "_fields", range(len(value)))
        for index, entry in enumerate(value):
            _walk(entry, _join(name, fields[index]), _join(place, index), leaves)
    else:
        where = f" at {name!r}" if name else ""
        raise Problem("unsupported", f"forward returned {type(value).__name__!r}{where}, which is no tensor", _WAY_OUT)


def _key(key: Any) -> str:
    if isinstance(key, (str, int)):
        return str(key)
    raise Problem("unsupported", f"forward returned a dict with a key of type {type(key).__name__!r}", _WAY_OUT)


def _join(path: str, part: Any) -> str:
    return f"{path}.{part}" if path else str(part)


def _plain(tensor: Any, name: str) -> Any:
    where = name or SINGLE
    if tensor.is_quantized or tensor.layout != torch.strided:
        what = "a quantized" if tensor.is_quantized else "a sparse"
        raise Problem("unsupported", f"{where} is {what} tensor", "return tensor.dequantize() or tensor.to_dense()")
    dtype_name(tensor.dtype)
    return tensor.detach().cpu().clone()
