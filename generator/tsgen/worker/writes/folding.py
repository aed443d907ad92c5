"""What is certain before a call: the model's settings, and the branches that they decide.

A compiled batch norm writes its statistics `if self.training`; the saved model is not training.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Callable

import torch

if TYPE_CHECKING:
    from ..aliases import GraphValue, ScriptModule, Value


UNKNOWN: Any = object()
SOME: Any = object()
"""A value that is not None, and no more is known of it."""
_PLAIN = (bool, int, float, str, type(None))
_OPERATORS: dict[str, Callable[..., Any]] = {
    "aten::__not__": operator.not_,
    "aten::eq": operator.eq,
    "aten::ne": operator.ne,
    "aten::lt": operator.lt,
    "aten::le": operator.le,
    "aten::gt": operator.gt,
    "aten::ge": operator.ge,
    "aten::__and__": operator.and_,
    "aten::__or__": operator.or_,
    "aten::Bool": bool,
    "prim::unchecked_cast": lambda value: value,
    "prim::unchecked_unwrap_optional": lambda value: value,
}
"""On numbers and strings they give what Python does: torch/csrc/jit/runtime/register_prim_ops.cpp."""
_IDENTITY = {"aten::__is__": True, "aten::__isnot__": False}


def of_constant(value: GraphValue) -> Value:
    """The value of the output of a prim::Constant: a number, a string, None, or SOME for any other."""
    if value.type().kind() == "NoneType":
        return None
    found = value.toIValue()
    return found if isinstance(found, (bool, int, float, str)) else SOME


def of_attribute(module: ScriptModule, name: str) -> Value:
    try:
        found = getattr(module, name)
    except Exception:  # noqa: BLE001 - what Python cannot show may be anything
        return UNKNOWN
    if isinstance(found, _PLAIN):
        return found
    return SOME if isinstance(found, (torch.Tensor, torch.nn.Module)) else UNKNOWN


def of_operator(kind: str, known: list[Any]) -> Value:
    if any(value is UNKNOWN for value in known):
        return UNKNOWN
    if kind in _IDENTITY:
        return _is_none(known) if _IDENTITY[kind] else not_(_is_none(known))
    if kind not in _OPERATORS or any(value is SOME for value in known):
        return UNKNOWN
    try:
        return _OPERATORS[kind](*known)
    except Exception:  # noqa: BLE001 - the program raises there too
        return UNKNOWN


def _is_none(known: list[Any]) -> Value:
    left, right = known
    if left is None or right is None:
        return left is right
    return UNKNOWN


def not_(value: Value) -> Value:
    return UNKNOWN if value is UNKNOWN else not value
