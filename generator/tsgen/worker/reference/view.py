"""A method of a model, called as forward is."""

from __future__ import annotations

from typing import Any

import torch


class View(torch.nn.Module):  # type: ignore[misc] # torch is Any here
    """A method in forward's place."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__()
        self.model = model
        self.forward = getattr(model, name)


MARK = "_torchscript_modifier"
EXPORTED = "export (compile this function even if nothing calls it)"
"""torch's own mark of `@torch.jit.export`, FunctionModifiers.EXPORT."""


def is_marked(function: Any) -> bool:
    return getattr(function, MARK, None) == EXPORTED


def entry(model: Any, method: str) -> Any:
    """What is called: the model, or a method of it. An empty name is forward's."""
    return View(model, method).eval() if method else model
