"""torch.autograd.Function while tracing: without gradients only its forward counts, and a file cannot hold the rest."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def forward_only() -> Iterator[None]:
    """While the block runs, `apply` of each function that is not torch's own calls its forward."""
    functions = [kind for kind in _below(torch.autograd.Function) if not kind.__module__.startswith("torch.")]
    changed = [kind for kind in functions if "apply" not in vars(kind)]
    for kind in changed:
        kind.apply = classmethod(_forward)
    try:
        yield
    finally:
        for kind in changed:
            del kind.apply


def _below(kind: Any) -> list[Any]:
    return [found for child in kind.__subclasses__() for found in (child, *_below(child))]


def _forward(kind: Any, *arguments: Any, **named: Any) -> Any:
    if kind.setup_context is not torch.autograd.Function.setup_context:  # then forward takes no context
        return kind.forward(*arguments, **named)
    return kind.forward(_Context(needs_input_grad=(False,) * len(arguments)), *arguments, **named)


class _Context(SimpleNamespace):
    """What forward may keep for a backward that never comes, as FunctionCtx does in torch/autograd/function.py."""

    def save_for_backward(self, *_: Any) -> None:
        pass

    save_for_forward = mark_dirty = mark_non_differentiable = save_for_backward

    def set_materialize_grads(self, _: Any) -> None:
        pass
