"""What Python takes for a number, a flag or a text that a call leaves out, and what the example has there."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from ..values import trees
from ..values.flatten import ELEMENT
from .forward import parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..aliases import Model, Value
    from .plan import Call

_KINDS = {"int": int, "float": float, "bool": bool, "str": str}
_EXACT = 2**53
"""Up to here every whole number is a float too."""
_LONG = 2**63

Known = dict
"""From an input's path to a plain value; the first element of a list stands for all."""


def defaults_of(model: Model, calls: Iterable[Call[str, Any]]) -> Known[str, Any]:
    """The defaults of the called method's parameters, and of the fields of dataclasses and NamedTuples in the calls."""
    given = list(calls)
    found = {path: value for call in given for name, part in call.items() for path, value in _of_fields(part, name)}
    for parameter in parameters_of(model):
        example = next((call[parameter.name] for call in given if parameter.name in call), None)
        found.update(_alike(parameter.default, example, parameter.name))
    return found


def _of_fields(value: Value, path: str) -> Iterator[tuple[str, Any]]:
    group = trees.group_of(value)
    if group is None:
        return
    own = _declared(value)
    for key, child in group.children:
        inner = trees.join(path, key)
        if key in own:
            yield inner, own[key]
        yield from _of_fields(child, inner)


def _declared(value: Value) -> dict[str, Any]:
    """The defaults of a class's fields; a default_factory is not called, for it may do anything."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}
    return dict(getattr(value, "_field_defaults", {})) if isinstance(value, tuple) else {}


def _alike(default: Any, example: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The leaves of a parameter's default, where it is built as the example is: a list's elements have none."""
    group, other = trees.group_of(default), trees.group_of(example)
    if group is None:
        yield path, default
    elif other is not None and group.kind != trees.LIST and dict(group.children).keys() == dict(other.children).keys():
        for key, child in group.children:
            yield from _alike(child, dict(other.children)[key], trees.join(path, key))


def examples_of(call: Call[str, Any]) -> Known[str, Any]:
    return {path: leaf for name, value in call.items() for path, leaf in trees.leaves(value, name)}


def plain(known: Known[str, Any], name: str, kind: str) -> Value:
    """The value for a node of the signature in its own kind, as JSON can have it; None when there is none that fits."""
    value: Any = known.get(".".join("0" if part == ELEMENT else part for part in name.split(".")))
    if kind == "float" and type(value) is int and abs(value) <= _EXACT:
        value = float(value)
    if kind not in _KINDS or type(value) is not _KINDS[kind] or not _travels(value):
        return None
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _travels(value: Value) -> bool:
    if type(value) is int:
        return -_LONG <= value < _LONG
    return not isinstance(value, str) or not any("\ud800" <= letter <= "\udfff" for letter in value)
