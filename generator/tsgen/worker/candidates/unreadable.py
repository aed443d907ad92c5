"""Attributes that raise when they are read, as a LightningModule's `trainer` does outside of a fit.

torch.jit reads every name that dir() gives of a module, and takes AttributeError alone for a name that has no value
(torch/_jit_internal.py, module_has_exports; torch/jit/_recursive.py, infer_methods_to_compile; torch 2.14.1).
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import types
from typing import TYPE_CHECKING, Any

import torch
import torch._jit_internal
import torch.jit._recursive
import torch.jit._script
import torch.jit._trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model

_READERS = (  # who reads has no public name
    inspect,
    torch._jit_internal,  # noqa: SLF001
    torch.jit._recursive,  # noqa: SLF001
    torch.jit._script,  # noqa: SLF001
    torch.jit._trace,  # noqa: SLF001
)
_ABSENT = object()


_PLAIN = (types.FunctionType, staticmethod, classmethod)
"""What a class holds that raises nothing when it is read of an object."""
_ASKED = {"__getattr__", "__getattribute__"}


@contextlib.contextmanager
def passed_over(model: Model = None) -> Iterator[None]:
    """While the block runs, what raises is no attribute to torch.jit. To everyone else it raises as ever.

    `model`: the one whose attributes are read. Where none of them can raise nothing is done, for there are many.
    """
    with _replaced() if model is None or _may_raise(model) else contextlib.nullcontext():
        yield


def _may_raise(model: Model) -> bool:
    """Whether a part's class, those of torch aside, computes an attribute when it is read."""
    kinds = {kind for part in model.modules() for kind in type(part).__mro__}
    theirs = [kind for kind in kinds if kind is not object and kind.__module__.partition(".")[0] != "torch"]
    return any(name in _ASKED or _is_computed(value) for kind in theirs for name, value in vars(kind).items())


def _is_computed(value: Any) -> bool:
    return hasattr(type(value), "__get__") and not isinstance(value, _PLAIN)


@contextlib.contextmanager
def _replaced() -> Iterator[None]:
    """A module's own global stands before the builtin of its name."""
    before = [(reader, name, vars(reader).get(name, _ABSENT)) for reader in _READERS for name in _OURS]
    try:
        for reader, name, _ in before:
            setattr(reader, name, _OURS[name])
        yield
    finally:
        for reader, name, value in before:
            if value is _ABSENT:
                delattr(reader, name)
            else:
                setattr(reader, name, value)


def _getattr(owner: Any, name: str, *default: Any) -> Any:
    try:
        return builtins.getattr(owner, name, *default)
    except AttributeError:
        raise
    except Exception as error:
        if not isinstance(owner, torch.nn.Module):
            raise
        if default:
            return default[0]
        raise AttributeError(name) from error


def _hasattr(owner: Any, name: str) -> bool:
    return _getattr(owner, name, _ABSENT) is not _ABSENT


_OURS = {"getattr": _getattr, "hasattr": _hasattr}


@contextlib.contextmanager
def left_out(model: Model) -> Iterator[bool]:
    """While the block runs, torch.jit.script compiles no property of the model's parts; gives whether there are any.

    It compiles them all, whether forward asks for them or not (torch/jit/frontend.py, get_class_properties).
    """
    recursive = torch.jit._recursive  # noqa: SLF001 - as above
    before = recursive.get_class_properties, recursive.concrete_type_store
    recursive.get_class_properties = lambda *_, **__: []
    # A type that failed has some of its methods already, and takes none of them again.
    recursive.concrete_type_store = recursive.ConcreteTypeStore()
    try:
        yield any(_has_properties(type(part)) for part in model.modules())
    finally:
        recursive.get_class_properties, recursive.concrete_type_store = before


def _has_properties(kind: type) -> bool:
    unused = getattr(kind, "__jit_unused_properties__", ())
    held = {name: value for parent in kind.__mro__ for name, value in vars(parent).items()}
    return any(isinstance(value, property) and name not in unused for name, value in held.items())
