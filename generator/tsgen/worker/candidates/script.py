"""torch.jit.script: compiles forward's source, control flow included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..failures import compiler_said
from . import resizing
from .annotated import annotated
from .exported import Exported, NotExportableError, recorded
from .resolved import resolved

if TYPE_CHECKING:
    from .subject import Subject


def export(subject: Subject) -> Exported:
    with annotated(subject.model, subject.example):
        return Exported(compiled(subject.model))


def compiled(model: Any) -> Any:
    lost = _own_call(model)
    if lost:
        raise NotExportableError(f"it would leave out the __call__ of {lost}")
    try:
        with recorded(), resolved(model), resizing.as_eager():
            return torch.jit.script(model)
    except Exception as error:
        raise NotExportableError(f"it cannot be compiled: {compiler_said(error)}") from error


def _own_call(model: Any) -> str:
    """The class of a part that overrides __call__: torch.jit.script compiles forward alone, and says nothing of it."""
    parts = model.modules() if isinstance(model, torch.nn.Module) else ()
    kinds = [type(part) for part in parts if not isinstance(part, torch.jit.ScriptModule)]
    return next((kind.__name__ for kind in kinds if kind.__call__ is not torch.nn.Module.__call__), "")
