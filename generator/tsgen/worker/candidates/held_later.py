"""What an attribute holds later that begins empty or None: torch.jit.script must know, and the source seldom says."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Optional

import torch

from ..messages import Problem
from ..reference import eager
from ..reference.repeatable import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, Value
    from ..calls.plan import Call

CALLS = 2
"""What one call makes, the next may hand on."""
_OF_TORCH = frozenset(vars(torch.nn.Module()))
_LIST: Any = list
_DICT: Any = dict
_TUPLE: Any = tuple
_OPTIONAL: Any = Optional


@contextlib.contextmanager
def annotated(model: Model, example: Call[str, Any]) -> Iterator[None]:
    """While the block runs, the parts' classes say what their attributes hold after calls of the model."""
    before: list[tuple[Any, Any]] = []
    try:
        for kind, found in _missing(model, example).items():
            before.append((kind, vars(kind).get("__annotations__")))
            kind.__annotations__ = {**getattr(kind, "__annotations__", {}), **found}
        yield
    finally:
        for kind, known in before:
            if known is None:
                del kind.__annotations__
            else:
                kind.__annotations__ = known


def _missing(model: Model, example: Call[str, Any]) -> dict[Any, dict[str, Any]]:
    """By class; on a copy, whose state does not count."""
    empty = [(name, key) for name, part in _parts(model) for key in _empty(part)]
    copy = copy_of(model) if empty else None
    if copy is None:
        return {}
    with contextlib.suppress(Problem):
        for _ in range(CALLS):
            eager.attempt(copy, "", example, {})
    before, after = dict(model.named_modules()), dict(copy.named_modules())
    found: dict[Any, dict[str, Any]] = {}
    for name, key in empty:
        kind = _type_of(vars(after[name]).get(key))
        if kind is not None:
            first = vars(before[name])[key]
            found.setdefault(type(after[name]), {})[key] = _OPTIONAL[kind] if first is None else kind
    return found


def _parts(model: Model) -> list[tuple[str, Any]]:
    found = model.named_modules() if isinstance(model, torch.nn.Module) else ()
    return [(name, part) for name, part in found if not isinstance(part, torch.jit.ScriptModule)]


def _empty(part: Any) -> list[str]:
    """Torch's own modules know what they hold."""
    if type(part).__module__.startswith("torch.nn."):
        return []
    known = {name for kind in type(part).__mro__ for name in vars(kind).get("__annotations__", {})}
    held = [(key, value) for key, value in vars(part).items() if key not in known and key not in _OF_TORCH]
    return [key for key, value in held if value is None or (type(value) in (list, dict) and not value)]


def _type_of(value: Value) -> Any:
    """None where TorchScript has no one type for it."""
    if isinstance(value, torch.Tensor):
        return torch.Tensor
    if type(value) in (bool, int, float, str):
        return type(value)
    if type(value) is tuple and value:
        kinds = tuple(_type_of(inner) for inner in value)
        return None if None in kinds else _TUPLE[kinds]
    return _of_group(value) if type(value) in (list, dict) and value else None


def _of_group(value: Value) -> Any:
    element: Any = _only([_type_of(inner) for inner in (value.values() if isinstance(value, dict) else value)])
    if isinstance(value, list):
        return _LIST[element] if element else None
    key = _only([type(name) for name in value])
    return _DICT[key, element] if element and key in (int, str) else None


def _only(kinds: list[Any]) -> Any:
    return kinds[0] if all(kind == kinds[0] for kind in kinds) else None
