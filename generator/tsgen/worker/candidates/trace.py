"""torch.jit.trace: records one run.

What Python decided on the way is frozen; the judge finds out whether that mattered.
"""

from __future__ import annotations

from typing import Any

import torch

from ..failures import trace_said
from .exported import Exported, NotExportableError, frozen_places, recorded


class _Called(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """torch.jit.trace hands a ScriptModule back untouched; a call of one from outside is traced."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, *inputs: Any) -> Any:
        return self.inner(*inputs)


def export(model: Any, example: tuple[Any, ...]) -> Exported:
    traced = _Called(model).eval() if isinstance(model, torch.jit.ScriptModule) else model
    copies = tuple(tensor.clone() for tensor in example)
    try:
        with recorded() as caught, torch.no_grad():
            # torch's own check compares one run under other settings; ours runs the saved file on many inputs.
            # strict would refuse every dict and list among the outputs, for fear of what the judge finds out.
            module = torch.jit.trace(traced, copies, check_trace=False, strict=False)
    except Exception as error:
        raise NotExportableError(f"it failed: {trace_said(error)}") from error
    return Exported(module, frozen_places(caught))
