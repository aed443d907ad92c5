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
    try:
        with recorded(), resolved(model), resizing.as_eager():
            return torch.jit.script(model)
    except Exception as error:
        raise NotExportableError(f"it cannot be compiled: {compiler_said(error)}") from error
