"""torch.compile taken off, however deep: what it compiles is the model's own code, and that is exported."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

import torch

from ..suggest import format_names
from ..users_code.origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model, Value

MOST = 3
_INNER = "_orig_mod"
_CALL = "_compiled_call_impl"
"""Set by Module.compile() (torch/nn/modules/module.py), and asked by __call__."""
_ORIGINAL = "_torchdynamo_orig_callable"
_DISABLED = "_torchdynamo_disable"
_COMPILER = "torch._dynamo"
"""What torch._dynamo puts on the functions that it wraps (torch/_dynamo/eval_frame.py): all in torch 2.14.1."""


def taken_off(model: Model) -> tuple[Model, list[str]]:
    """The model with its own code in the place of everything compiled, changed in place, and a note if there was.

    Nothing was compiled in a process that has not imported the compiler.
    """
    if _COMPILER not in sys.modules:
        return model, []
    plain = _plain(model)
    found = ["the model"] if plain is not model else []
    if isinstance(plain, torch.nn.Module) and not isinstance(plain, torch.jit.ScriptModule):
        found += [name for path, part in list(_parts(plain)) for name in _of_part(path, part)]
        kinds = _classes(plain)
        found += _of_classes(kinds) + _of_closures(kinds) + _of_functions(kinds)
    told = format_names(list(dict.fromkeys(found)), most=MOST)
    return plain, [f"torch.compile is taken off {told}: what it compiles is exported"] if found else []


def _plain(value: Value) -> Any:
    """A module without its wrapper, a function without its own; anything else as it is."""
    while True:
        inner = _inner(value)
        if inner is None:
            return value
        value = inner


def _inner(value: Value) -> Any:
    if isinstance(value, torch.nn.Module):
        is_wrapper = type(value).__module__.startswith("torch._dynamo")
        return value._modules.get(_INNER) if is_wrapper else None  # noqa: SLF001 - that of any module
    return inspect.getattr_static(value, _ORIGINAL, None) if callable(value) else None


def _parts(model: Model, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Each part by its path, with plain ones in the place of those that torch.compile wraps."""
    seen = set() if seen is None else seen
    if id(model) in seen:
        return
    seen.add(id(model))
    yield path, model
    for name, part in model.named_children():
        yield from _parts(_plain(part), f"{path}.{name}" if path else name, seen)


def _of_part(path: str, part: Any) -> list[str]:
    """The names of what was compiled in a part's own tables."""
    held = vars(part)
    found = [path or "the model"] if held.pop(_CALL, None) else []
    for table in (part._modules, held):  # noqa: SLF001 - where torch.nn.Module keeps them
        for name, value in list(table.items()):
            plain = _opened(value)
            if plain is value:
                continue
            table[name] = plain
            if inspect.ismethod(plain) and plain.__self__ is part and plain.__func__ is getattr(type(part), name, None):
                del table[name]  # torch.jit.script compiles a method of the class
            found += [f"{path}.{name}" if path else name] if not _is_disabled(value) else []
    return found


def _opened(value: Value) -> Any:
    """Lists, tuples and dicts of compiled parts too; the same object where nothing is compiled."""
    if type(value) in (list, tuple):
        made = [_plain(one) for one in value]
        return value if all(new is old for new, old in zip(made, value)) else type(value)(made)
    if type(value) is dict and not any(_plain(one) is not one for one in value.values()):
        return value
    return {key: _plain(one) for key, one in value.items()} if type(value) is dict else _plain(value)


def _of_classes(kinds: list[type]) -> list[str]:
    """Decorated methods: of this process's classes, which are there for this model alone."""
    found = []
    for kind in kinds:
        for name, value in list(vars(kind).items()):
            bare = _bare(value)
            plain = _plain(bare) if inspect.isfunction(bare) else bare
            if plain is not bare:
                setattr(kind, name, plain if bare is value else type(value)(plain))
                found += [f"{kind.__name__}.{name}"] if not _is_disabled(bare) else []
    return found


def _bare(value: Value) -> Any:
    return value.__func__ if isinstance(value, (staticmethod, classmethod)) else value


def _classes(model: Model) -> list[type]:
    """Of the model's parts, torch's own left out."""
    kinds = {kind: None for part in model.modules() for kind in type(part).__mro__}
    return [kind for kind in kinds if kind.__module__.partition(".")[0] not in ("torch", "builtins")]


def _of_functions(kinds: list[type]) -> list[str]:
    """Functions of the user's and of the model's modules; told are those that a method of the model's speaks of."""
    named = {kind.__module__ for kind in kinds}
    own = [module for name, module in list(sys.modules.items()) if name in named or _is_own(module)]
    held = [(module, name, value) for module in own for name, value in list(vars(module).items())]
    wrapped = [(module, name, value) for module, name, value in held if inspect.isfunction(value) and _inner(value)]
    for module, name, value in wrapped:
        setattr(module, name, _plain(value))
    spoken = {name for _, method in _methods(kinds) for name in method.__code__.co_names}
    return [name for _, name, value in wrapped if name in spoken and not _is_disabled(value)]


def _is_own(module: Any) -> bool:
    return is_users(str(getattr(module, "__file__", None) or ""))


def _methods(kinds: list[type]) -> list[tuple[str, Any]]:
    held = [(f"{kind.__name__}.{name}", _bare(value)) for kind in kinds for name, value in vars(kind).items()]
    return [(name, function) for name, function in held if inspect.isfunction(function)]


def _of_closures(kinds: list[type]) -> list[str]:
    """Under somebody else's decorator, or in a variable of the function in which the class stands."""
    found = []
    for name, function in _methods(kinds):
        for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            value = _content(cell)
            plain = _plain(value) if inspect.isfunction(value) or isinstance(value, torch.nn.Module) else value
            if plain is not value:
                cell.cell_contents = plain
                told = name if hasattr(function, "__wrapped__") else variable
                found += [] if _is_disabled(value) else [told]
    return found


def _content(cell: Any) -> Any:
    """None for a variable that has no value yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _is_disabled(value: Value) -> bool:
    """torch.compiler.disable keeps code from being compiled: nothing to tell of."""
    return bool(inspect.getattr_static(value, _DISABLED, False))
