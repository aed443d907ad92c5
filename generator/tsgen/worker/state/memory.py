"""What a model holds: parameters, buffers, and what lies in plain Python; and what of it a call has changed."""

from __future__ import annotations

import functools
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

import torch

from ..users_code.origin import is_users
from ..values.compare import times_written
from ..values.trees import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, TorchTensor, Value

Put = Optional[Callable[[Any], None]]
_OF_TORCH = frozenset(vars(torch.nn.Module()))
_LAZY = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
DEPTH = 4
"""Of groups within one another that are looked into."""
LENGTH = 64
"""Elements of a group that are looked into."""
COMPARED = 64 << 20
"""Bytes of tensors besides the parameters that are compared by value: `.data` is written without being counted."""


class Spot(NamedTuple):
    """One value that the model holds. `owner`: the attribute that it is in, `layers.0.cache` of `layers.0.cache.k`."""

    path: str
    owner: str
    value: Any
    put: Put
    """Writes another value there; None where that cannot be."""


class _Seen(NamedTuple):
    owner: str
    value: Any
    """A tensor is held: nothing else may come to lie in its place."""
    written: int
    copy: Any


Snapshot = dict
"""From paths to what was seen there."""


def spots(model: Model) -> Iterator[Spot]:
    for name, part in model.named_modules():
        for key, value in _attributes(part):
            owner = join(name, key)
            yield from _within(owner, owner, value, functools.partial(setattr, part, key), DEPTH)


def snapshot(model: Model) -> Snapshot[str, _Seen]:
    seen, room = {}, COMPARED
    for spot in spots(model):
        if isinstance(spot.value, torch.Tensor):
            size = _size(spot.value)
            room -= size
            copy = spot.value.detach().clone() if size and room > 0 else None
            seen[spot.path] = _Seen(spot.owner, spot.value, times_written(spot.value), copy)
        else:
            seen[spot.path] = _Seen(spot.owner, repr(spot.value), 0, None)
    return seen


def changed(before: Snapshot[str, _Seen], after: Snapshot[str, _Seen]) -> list[str]:
    """The attributes that are not what they were, in the model's order."""
    paths = [path for path in {**before, **after} if _differ(before.get(path), after.get(path))]
    return list(dict.fromkeys((after.get(path) or before[path]).owner for path in paths))


def _differ(before: _Seen | None, after: _Seen | None) -> bool:
    if before is None or after is None:
        return True
    if isinstance(before.value, torch.Tensor) and isinstance(after.value, torch.Tensor):
        if before.value is not after.value or before.written != after.written:
            return True
        return before.copy is not None and after.copy is not None and not _equal(before.copy, after.copy)
    return type(before.value) is not type(after.value) or before.value != after.value


def _equal(ours: TorchTensor, theirs: TorchTensor) -> bool:
    if ours.shape != theirs.shape:
        return False
    if ours.is_floating_point():
        ours, theirs = ours.nan_to_num(), theirs.nan_to_num()
    return bool(torch.equal(ours, theirs))


def _size(tensor: TorchTensor) -> int:
    """0 for what is not compared by value."""
    plain = tensor.layout == torch.strided and not (tensor.is_meta or tensor.is_quantized or tensor.is_nested)
    if isinstance(tensor, torch.nn.Parameter) or not plain:
        return 0
    return int(tensor.numel()) * int(tensor.element_size())


def _attributes(part: Model) -> Iterator[tuple[str, Any]]:
    tensors = [*part.named_parameters(recurse=False), *part.named_buffers(recurse=False)]
    yield from ((name, tensor) for name, tensor in tensors if not isinstance(tensor, _LAZY))
    if not isinstance(part, torch.jit.ScriptModule):
        yield from ((name, value) for name, value in list(vars(part).items()) if name not in _OF_TORCH)


def _within(path: str, owner: str, value: Value, put: Put, depth: int) -> Iterator[Spot]:
    if isinstance(value, torch.Tensor) or value is None or isinstance(value, (bool, int, float, str)):
        yield Spot(path, owner, value, put)
    elif depth:
        for key, inner, change in _parts(value):
            yield from _within(join(path, key), owner, inner, change, depth - 1)
        if isinstance(value, (list, tuple, dict, deque, set)):
            yield Spot(join(path, "len()"), owner, len(value), None)


def _parts(value: Value) -> list[tuple[str, Any, Put]]:
    if isinstance(value, dict):
        found = list(value.items())[:LENGTH]
        return [(str(key), inner, functools.partial(value.__setitem__, key)) for key, inner in found]
    if isinstance(value, (list, deque)):
        return [(str(at), value[at], functools.partial(value.__setitem__, at)) for at in range(min(len(value), LENGTH))]
    if isinstance(value, tuple):
        return [(str(at), inner, None) for at, inner in enumerate(value[:LENGTH])]
    if _holds_things(value):
        return [(name, inner, functools.partial(setattr, value, name)) for name, inner in list(vars(value).items())]
    return []


def _holds_things(value: Value) -> bool:
    """An object of the user's, or a cache of a library's such as transformers' StaticCache and its layers."""
    if isinstance(value, (torch.nn.Module, type)) or not hasattr(value, "__dict__") or callable(value):
        return False
    if "Cache" in type(value).__name__:
        return True
    source = getattr(sys.modules.get(type(value).__module__), "__file__", None)
    return bool(source) and is_users(str(source))
