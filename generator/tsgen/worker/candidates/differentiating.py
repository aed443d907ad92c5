"""What torch.jit.script needs to compile a forward that differentiates.

It knows torch.autograd.grad of lists of tensors alone, which gives what may be None, and no torch.enable_grad.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import torch

from ..users_code.origin import is_users
from . import scriptable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextlib.contextmanager
def switches() -> Iterator[None]:
    """While the block runs, enable_grad() and set_grad_enabled() do nothing: such a program runs with gradients on."""
    with _replaced({"enable_grad": scriptable.enable_grad, "set_grad_enabled": scriptable.set_grad_enabled}, torch):
        yield


@contextlib.contextmanager
def grad() -> Iterator[None]:
    """While the block runs, torch.autograd.grad takes and gives what it does in Python."""
    with _replaced({"grad": scriptable.grad}, torch.autograd):
        yield


@contextlib.contextmanager
def _replaced(others: Mapping[str, Any], home: Any) -> Iterator[None]:
    """In torch, and wherever a module of the user's has it by a name of its own."""
    torch.jit._builtins._get_builtin_table()  # noqa: SLF001 - made once, of what torch has then
    before = []
    for name, other in others.items():
        old = getattr(home, name)
        before += [(home, name, old), *((module, key, old) for module, key in _holders(old))]
        for holder, key, value in before:
            if value is old:
                setattr(holder, key, other)
    try:
        yield
    finally:
        for holder, key, value in before:
            setattr(holder, key, value)


def _holders(wanted: Any) -> list[tuple[Any, str]]:
    modules = [module for module in list(sys.modules.values()) if is_users(str(getattr(module, "__file__", "") or ""))]
    return [(module, key) for module in modules for key, value in list(vars(module).items()) if value is wanted]
