"""torch.jit.trace: records one run.

What Python decided on the way is frozen; the judge finds out whether that mattered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import torch

from ..eager import copied
from ..failures import trace_said
from ..forward import arguments
from .exported import Exported, NotExportableError, frozen_places, recorded_trace
from .functions import forward_only

if TYPE_CHECKING:
    from .subject import Subject


_BEYOND = {
    "Only Tensors and .* of Tensors can be traced": "numbers or strings at the input",
    "Tracer cannot infer type of ": "such values at the output",
    "is not in forward.. method's arguments": "keyword-only parameters",
}
"""What no trace carries, whatever the model computes: the next method is for that, so it is no failure."""


class _Called(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """torch.jit.trace hands a ScriptModule back untouched; a call of one from outside is traced."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, *inputs: Any) -> Any:
        return self.inner(*inputs)


def export(subject: Subject) -> Exported:
    model = subject.model
    traced = _Called(model).eval() if isinstance(model, torch.jit.ScriptModule) else model
    positional, named = arguments(model, copied(subject.example))
    if traced is not model:
        positional, named = list(copied(subject.example).values()), {}
    if named and positional:  # a trace takes one kind; what stands by position has a name as well
        named, positional = copied(subject.example), []
    return recorded_run(traced, tuple(positional), named)


def recorded_run(module: Any, positional: tuple[Any, ...], named: dict[str, Any] | None = None) -> Exported:
    given = {"example_kwarg_inputs": named} if named else {"example_inputs": positional}
    try:
        with recorded_trace() as caught, torch.no_grad(), forward_only():
            # torch's own check compares one run under other settings; ours runs the saved file on many inputs.
            # strict would refuse every dict and list among the outputs, for fear of what the judge finds out.
            made = torch.jit.trace(module, **given, check_trace=False, strict=False)
    except Exception as error:
        if beyond := next((words for sign, words in _BEYOND.items() if re.search(sign, str(error))), ""):
            raise NotExportableError(f"it takes no {beyond}") from error
        raise NotExportableError(f"it failed: {trace_said(error)}") from error
    return Exported(made, frozen_places(caught), traced=True)
