"""What forward() takes: its parameters in order, how it is called by their names, and how it is shown to the user."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from ..aliases import Model


@dataclass(frozen=True)
class Parameter:
    name: str
    required: bool
    keyword_only: bool = False
    nullable: bool = False
    """None is its default, or its annotation is Optional: a program may leave it out."""
    default: Any = None
    """None, too, when there is none."""
    of_several: bool = False
    """One of *args: who says what the model is called with may leave out all of them."""


def parameters_of(model: Model, *, count: int = 0) -> list[Parameter]:
    """`count` inputs are at hand: *args is taken apart into args0, args1, ... to hold them."""
    if is_script(model):
        return [_of_schema(entry) for entry in _schema(model).arguments[1:]]
    named = _signature(model)
    plain = [_parameter(entry) for entry in named if entry.kind not in (entry.VAR_POSITIONAL, entry.VAR_KEYWORD)]
    several = _several(model)
    if several is None:
        return plain
    before = [entry for entry in plain if not entry.keyword_only]
    rest = [
        Parameter(f"{several}{index}", index == 0 and not before, of_several=True)
        for index in range(max(count - len(before), 1))
    ]
    return before + rest + [entry for entry in plain if entry.keyword_only]


def takes_any_name(model: Model) -> bool:
    """Whether forward has **kwargs."""
    if is_script(model):
        return False
    return any(entry.kind is entry.VAR_KEYWORD for entry in _signature(model))


def arguments(model: Model, call: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments of a call by parameter names; by position as far as that goes."""
    if is_script(model):
        known = {entry.name for entry in _schema(model).arguments[1:]}
        # A trace of *args gives names of its own: then the order decides.
        return ([], dict(call)) if known >= set(call) else (list(call.values()), {})
    several = _several(model)
    places = [entry for entry in parameters_of(model, count=len(call)) if not entry.keyword_only]
    positional: list[Any] = []
    rest = dict(call)
    for entry in places:
        if entry.name not in rest:
            break
        positional.append(rest.pop(entry.name))
    if several is not None:  # what *args holds has no names
        left = [name for name in rest if re.fullmatch(rf"{several}\d+", name)]
        positional += [rest.pop(name) for name in left]
    return positional, rest


def _signature(model: Model) -> list[inspect.Parameter]:
    return list(inspect.signature(model.forward).parameters.values())


def _several(model: Model) -> str | None:
    return next((entry.name for entry in _signature(model) if entry.kind is entry.VAR_POSITIONAL), None)


def _parameter(entry: inspect.Parameter) -> Parameter:
    nullable = entry.default is None or "Optional" in str(entry.annotation) or "None" in str(entry.annotation)
    required = entry.default is entry.empty
    default = None if required else entry.default
    return Parameter(entry.name, required, entry.kind is entry.KEYWORD_ONLY, nullable, default)


def _of_schema(entry: Any) -> Parameter:
    nullable = str(entry.type).startswith("Optional")
    return Parameter(entry.name, not entry.has_default_value(), nullable=nullable, default=entry.default_value)


def is_script(model: Model) -> bool:
    """A TorchScript module, one method of it, or what has such a method as its forward."""
    kinds = (torch.jit.ScriptModule, torch.ScriptMethod)
    return isinstance(model, kinds) or isinstance(getattr(model, "forward", None), torch.ScriptMethod)


def _schema(model: Model) -> Any:
    return model.schema if isinstance(model, torch.ScriptMethod) else model.forward.schema


def format_forward(model: Model) -> str:
    """`forward(x: Tensor, mask: Optional[Tensor] = None)`."""
    if is_script(model):
        typed = [f"{entry.name}: {entry.type}" for entry in _schema(model).arguments[1:]]
        return f"forward({', '.join(typed)})"
    signature = inspect.signature(model.forward)
    bare = signature.replace(return_annotation=inspect.Signature.empty)
    # annotations are strings, quoted, under `from __future__ import annotations`
    return f"forward{bare}".replace("torch.Tensor", "Tensor").replace("typing.", "").replace("'", "")
