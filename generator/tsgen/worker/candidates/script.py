"""torch.jit.script: compiles forward's source, control flow included."""

from __future__ import annotations

from typing import Any

import torch

from ..failures import compiler_said
from .exported import Exported, NotExportableError, recorded


def export(model: Any, _example: tuple[Any, ...]) -> Exported:
    try:
        with recorded():
            return Exported(torch.jit.script(model))
    except Exception as error:
        raise NotExportableError(f"it cannot be compiled: {compiler_said(error)}") from error
