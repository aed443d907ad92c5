"""What forward() takes: its parameters in order, and how they are shown to the user."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Parameter:
    name: str
    required: bool
    keyword_only: bool = False


def parameters_of(model: Any, *, count: int = 0) -> list[Parameter]:
    """`count` inputs are at hand: *args is taken apart into args0, args1, ... to hold them."""
    if isinstance(model, torch.jit.ScriptModule):
        return [Parameter(entry.name, not entry.has_default_value()) for entry in _schema(model).arguments[1:]]
    named = list(inspect.signature(model.forward).parameters.values())
    plain = [_parameter(entry) for entry in named if entry.kind not in (entry.VAR_POSITIONAL, entry.VAR_KEYWORD)]
    several = next((entry.name for entry in named if entry.kind is entry.VAR_POSITIONAL), None)
    if several is None:
        return plain
    before = [entry for entry in plain if not entry.keyword_only]
    rest = [Parameter(f"{several}{index}", index == 0 and not before) for index in range(max(count - len(before), 1))]
    return before + rest + [entry for entry in plain if entry.keyword_only]


def _parameter(entry: inspect.Parameter) -> Parameter:
    return Parameter(entry.name, entry.default is entry.empty, entry.kind is entry.KEYWORD_ONLY)


def _schema(model: Any) -> Any:
    return model.forward.schema


def shown_forward(model: Any) -> str:
    """`forward(x: Tensor, mask: Optional[Tensor] = None)`."""
    if isinstance(model, torch.jit.ScriptModule):
        typed = [f"{entry.name}: {entry.type}" for entry in _schema(model).arguments[1:]]
        return f"forward({', '.join(typed)})"
    signature = inspect.signature(model.forward)
    bare = signature.replace(return_annotation=inspect.Signature.empty)
    # annotations are strings, quoted, under `from __future__ import annotations`
    return f"forward{bare}".replace("torch.Tensor", "Tensor").replace("typing.", "").replace("'", "")
