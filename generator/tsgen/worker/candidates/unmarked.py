"""Exported methods that torch.jit.script does not take, left out: one of them alone would refuse the whole model."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import torch

from ..reference.view import EXPORTED, MARK, is_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model


def marked(model: Model) -> list[Any]:
    """The functions that `@torch.jit.export` marks, of the model and of its parts."""
    kinds = {type(part): None for part in model.modules()} if isinstance(model, torch.nn.Module) else {}
    functions = [getattr(kind, name, None) for kind in kinds for name in dir(kind)]
    return list({id(function): function for function in functions if is_marked(function)}.values())


@contextlib.contextmanager
def left_out(functions: list[Any]) -> Iterator[None]:
    """While the block runs they are not marked."""
    try:
        for function in functions:
            delattr(function, MARK)
        yield
    finally:
        for function in functions:
            setattr(function, MARK, EXPORTED)
