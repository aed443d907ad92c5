"""torch.jit.script: compiles forward's source, control flow included."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import torch

from ..reasons import Reason
from ..users_code.failures import format_compiler_error
from ..users_code.frozen import recorded
from ..users_code.torch_messages import OF_COMPILE, why_uncompiled
from . import differentiating, held_later, held_sizes, resizing, unmarked, unreadable
from .annotated import annotated
from .exported import Exported, NotExportableError, unmade
from .resolved import resolved

if TYPE_CHECKING:
    from ..aliases import Model, ScriptModule
    from ..reasons import ReasonKind
    from .subject import Subject


def export(subject: Subject) -> Exported:
    with annotated(subject.model, subject.example), held_later.annotated(subject.model, subject.example):
        made, left_out = _compiled(subject.model)
        return Exported(made, left_out=left_out)


def compiled(model: Model) -> ScriptModule:
    """Raises NotExportableError."""
    return _compiled(model)[0]


def _compiled(model: Model) -> tuple[ScriptModule, dict[str, str]]:
    """And the exported methods that had to be left out, with what was in their way."""
    lost = _own_call(model)
    if lost is not None:
        kind: ReasonKind = "compiled" if lost.__module__.startswith(OF_COMPILE) else "own_call"
        text = f"would leave out the __call__ of {lost.__name__}"
        raise NotExportableError(Reason(kind, text, speaker="export"))
    try:
        return _scripted(model), {}
    except Exception as error:
        text = f"cannot be compiled: {format_compiler_error(error)}"
        again = _with_lists(model) or _without_properties(model) or _differentiating(model)
        missing, without = ([], None) if again is not None else _without_methods(model)
        if again is None and without is None:
            raise unmade(why_uncompiled(error), text, "export") from error
        return again or without, dict.fromkeys(missing, text)


def _scripted(model: Model) -> ScriptModule:
    switches = differentiating.switches()
    with recorded(), resolved(model), resizing.as_eager(), unreadable.passed_over(), switches:
        return torch.jit.script(model)


def _with_lists(model: Model) -> Any:
    """None when that does not help: the first reason is told then."""
    with held_sizes.as_lists(model) as changed:
        try:
            return _scripted(model) if changed else None
        except Exception:  # noqa: BLE001 - torch raises what it likes here
            return None


def _without_properties(model: Model) -> Any:
    """None as above: forward may need one of them."""
    with unreadable.left_out(model) as changed:
        try:
            return _scripted(model) if changed else None
        except Exception:  # noqa: BLE001 - as above
            return None


def _without_methods(model: Model) -> tuple[list[str], Any]:
    """As few as possible are left out; None as above."""
    functions = unmarked.marked(model)
    for missing in [[function] for function in functions] + [functions] * (len(functions) > 1):
        with unmarked.left_out(missing), contextlib.suppress(Exception):
            return [function.__name__ for function in missing], _scripted(model)
    return [], None


def _differentiating(model: Model) -> Any:
    """None as above, and where nothing is differentiated."""
    if not _mentions_grad(model):
        return None
    types = torch.jit._recursive.concrete_type_store.type_store  # noqa: SLF001
    for part in model.modules():
        types.pop(type(part), None)  # a type that failed to compile cannot be compiled again
    with differentiating.grad():
        try:
            return _scripted(model)
        except Exception:  # noqa: BLE001 - as above
            return None


def _mentions_grad(model: Model) -> bool:
    kinds = {kind for part in model.modules() for kind in type(part).__mro__}
    codes = [function.__code__ for kind in kinds for function in vars(kind).values() if inspect.isfunction(function)]
    return any("grad" in code.co_names for code in codes)


def _own_call(model: Model) -> Any:
    """The class of a part that overrides __call__: torch.jit.script compiles forward alone, and says nothing of it."""
    parts = model.modules() if isinstance(model, torch.nn.Module) else ()
    kinds = [type(part) for part in parts if not isinstance(part, torch.jit.ScriptModule)]
    return next((kind for kind in kinds if kind.__call__ is not torch.nn.Module.__call__), None)
