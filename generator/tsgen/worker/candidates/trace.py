"""torch.jit.trace: records one run.

What Python decided on the way is frozen; the judge finds out whether that mattered.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from ..calls.forward import arguments
from ..reference.eager import copied
from ..users_code.failures import format_trace_error
from ..users_code.frozen import frozen_places, recorded_trace
from ..users_code.torch_messages import why_untraced
from . import left_behind, unreadable
from .exported import Exported, unfit, unmade
from .functions import forward_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model
    from ..reasons import ReasonKind
    from .subject import Subject


_BEYOND: dict[ReasonKind, str] = {
    "untraceable_input": "numbers or strings at the input",
    "untraceable_output": "such values at the output",
    "keyword_only": "keyword-only parameters",
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
    made = recorded_run(traced, tuple(positional), named)
    return made if traced is model else replace(made, model="inner")


@contextlib.contextmanager
def _undisturbed(module: Model) -> Iterator[None]:
    with forward_only(), left_behind.taken_out(module), unreadable.passed_over(module):
        yield


def recorded_run(module: Model, positional: tuple[Any, ...], named: dict[str, Any] | None = None) -> Exported:
    given = {"example_kwarg_inputs": named} if named else {"example_inputs": positional}
    try:
        with recorded_trace() as caught, torch.no_grad(), _undisturbed(module):
            # torch's own check compares one run under other settings; ours runs the saved file on many inputs.
            # strict would refuse every dict and list among the outputs, for fear of what the judge finds out.
            made = torch.jit.trace(module, **given, check_trace=False, strict=False)
    except Exception as error:
        kind = why_untraced(error)
        if kind in _BEYOND:
            raise unfit(kind, f"takes no {_BEYOND[kind]}", "export") from error
        raise unmade(kind, f"failed: {format_trace_error(error)}") from error
    return Exported(made, frozen_places(caught), traced=True)
