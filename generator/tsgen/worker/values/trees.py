"""Nested values: what counts as a group, what is in it, and how one is put together again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Callable

import torch

if TYPE_CHECKING:
    from ..aliases import Value
    from ..messages import GroupKind

RECORD: GroupKind = "record"
TUPLE: GroupKind = "tuple"
LIST: GroupKind = "list"


@dataclasses.dataclass(frozen=True)
class Group:
    """A value with parts. `places` are the keys as TorchScript has them: it knows a NamedTuple's fields by number."""

    kind: GroupKind
    children: tuple[tuple[str, Any], ...]
    places: tuple[str, ...]
    type: str = ""
    """The Python class of a record that is no dict."""


class Leaf:
    """Whatever is derived from this is never opened."""


def group_of(value: Value) -> Group | None:
    """None: the value is a leaf, or nothing that is known here."""
    if isinstance(value, Leaf):
        return None
    for is_one, opened in _KNOWN:
        if is_one(value):
            return opened(value)
    return None


def _numbered(kind: GroupKind, values: Any) -> Group:
    keys = tuple(map(str, range(len(values))))
    return Group(kind, tuple(zip(keys, values)), keys)


def _record(items: dict[Any, Any], name: str = "", *, numbered: bool = False) -> Group:
    keys = tuple(map(str, items))
    places = tuple(map(str, range(len(keys)))) if numbered else keys
    return Group(RECORD, tuple(zip(keys, items.values())), places, name)


def _class_of(value: Value) -> str:
    name = type(value).__name__
    return "" if name in ("dict", "OrderedDict", "defaultdict", "SimpleNamespace") else name


def _is_named_tuple(value: Value) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _named_tuple(value: Value) -> Group:
    return _record(dict(zip(value._fields, value)), _class_of(value), numbered=True)


def _is_dataclass(value: Value) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _dataclass(value: Value) -> Group:
    names = [field.name for field in dataclasses.fields(value)]
    return _record({name: getattr(value, name) for name in names}, _class_of(value))


def _is_cache(value: Value) -> bool:
    """What transformers keeps keys and values in (DynamicCache and its kin), without importing it."""
    layers = getattr(value, "layers", None)
    named = type(value).__name__.endswith("Cache") and not isinstance(value, torch.nn.Module)
    return named and (isinstance(layers, list) or hasattr(value, "self_attention_cache"))


def _cache(value: Value) -> Group:
    if hasattr(value, "self_attention_cache"):
        halves = {"self_attention": value.self_attention_cache, "cross_attention": value.cross_attention_cache}
        return _record(halves, _class_of(value))
    layers = [
        {"keys": getattr(layer, "keys", None), "values": getattr(layer, "values", None)} for layer in value.layers
    ]
    return _numbered(TUPLE, layers)


def _is_namespace(value: Value) -> bool:
    """An object that only holds things: a class of the user's without a call and without being a module."""
    if isinstance(value, SimpleNamespace):
        return True
    plain = not isinstance(value, (torch.nn.Module, torch.Tensor, type)) and not callable(value)
    held = getattr(value, "__dict__", {})
    return plain and any(isinstance(item, torch.Tensor) or group_of(item) for item in held.values())


# The order counts: a ModelOutput is a dataclass and a dict, and leaves out what is None only as a dict.
_KNOWN: tuple[tuple[Callable[[Any], bool], Callable[[Any], Group]], ...] = (
    (_is_cache, _cache),
    (lambda value: isinstance(value, Mapping), lambda value: _record(dict(value), _class_of(value))),
    (_is_named_tuple, _named_tuple),
    (lambda value: isinstance(value, list), lambda value: _numbered(LIST, value)),
    (lambda value: isinstance(value, tuple), lambda value: _numbered(TUPLE, value)),
    (_is_dataclass, _dataclass),
    (_is_namespace, lambda value: _record(dict(vars(value)), _class_of(value))),
)


def join(path: str, part: Any) -> str:
    return f"{path}.{part}" if path else str(part)


def mapped(change: Callable[[str, Any], Any], value: Value, path: str = "") -> Value:
    """The same groups with every leaf changed; `change` gets its path and the leaf. Groups are made anew."""
    group = group_of(value)
    if group is None:
        return change(path, value)
    return rebuilt(value, [mapped(change, child, join(path, key)) for key, child in group.children])


def rebuilt(value: Value, children: list[Any]) -> Value:
    """A group like `value` of other children, in the same order; a list may get another number of them."""
    if isinstance(value, Mapping) and not dataclasses.is_dataclass(value):
        return _mapping(value, dict(zip(value, children)))
    if _is_named_tuple(value):
        return type(value)(*children)
    if isinstance(value, (list, tuple)):
        return type(value)(children)
    if _is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)] if not isinstance(value, Mapping) else list(value)
        return dataclasses.replace(value, **dict(zip(names, children)))
    if _is_namespace(value):
        return _namespace(value, dict(zip(vars(value), children)))
    raise TypeError(f"a {type(value).__name__} cannot be made anew")


def _mapping(value: Value, items: dict[Any, Any]) -> Any:
    return items if type(value) is dict else type(value)(items)


def _namespace(value: Value, items: dict[str, Any]) -> Any:
    made = object.__new__(type(value))
    made.__dict__.update(items)
    return made


def leaves(value: Value, path: str = "") -> list[tuple[str, Any]]:
    """(path, leaf) in order, None included."""
    group = group_of(value)
    if group is None:
        return [(path, value)]
    return [leaf for key, child in group.children for leaf in leaves(child, join(path, key))]


def at(value: Value, path: str) -> Value:
    """The part of `value` at a path; KeyError when there is none."""
    for key in path.split(".") if path else ():
        group = group_of(value)
        if group is None:
            raise KeyError(path)
        value = dict(group.children)[key]
    return value
