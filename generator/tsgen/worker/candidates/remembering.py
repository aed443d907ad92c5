"""A model that keeps state: it is exported as it is before its first call, whatever making the export calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from ..reference.repeatable import copy_of
from ..state import memory
from .exported import unmade

if TYPE_CHECKING:
    from . import Method
    from .exported import Exported
    from .subject import Subject

_RECORDING = ("trace", "flat")


def made(name: str, method: Method, subject: Subject) -> Exported:
    """Raises NotExportableError."""
    if not subject.sequence:
        return method(subject)
    if name in _RECORDING and not subject.in_place:
        raise unmade("state", "failed: a trace does not keep state")
    copy = copy_of(subject.model)
    held = _tensors(copy)
    exported = method(replace(subject, model=copy))
    _restore(held, _tensors(subject.model))
    return exported


def _tensors(model: Any) -> dict[str, Any]:
    return {spot.path: spot.value for spot in memory.spots(model) if isinstance(spot.value, torch.Tensor)}


def _restore(held: dict[str, Any], untouched: dict[str, Any]) -> None:
    """The export has the copy's own tensors, which a run that was recorded has written into."""
    with torch.no_grad():
        for path, tensor in held.items():
            tensor.copy_(untouched[path])
