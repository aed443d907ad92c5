"""Mixtures: parts that only a script gets right inside a trace, parts that only a trace can take inside a script."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..reasons import Reason
from ..reference import eager
from . import flat, trace
from .annotated import annotated
from .exported import Exported, NotExportableError, unfit, unmade
from .script import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model
    from .subject import Subject


def trace_with_scripted_parts(subject: Subject) -> Exported:
    if subject.sequence:
        raise unmade("state", "failed: a trace does not keep state")
    with _replaced(_scripted_parts(subject.model)):
        try:
            return trace.export(subject)
        except NotExportableError:
            return flat.export(subject)


def script_with_traced_parts(subject: Subject) -> Exported:
    if subject.sequence:
        raise unmade("state", "failed: finding out what its parts are called with would change its state")
    with _replaced(_traced_parts(subject)), annotated(subject.model, subject.example):
        return Exported(compiled(subject.model))


Parts = list
"""(parent, name, replacement)."""


def _scripted_parts(model: Model) -> Parts[tuple[Any, str, Any]]:
    """The largest parts that can be compiled and hold code that is not torch's own."""
    found: Parts[tuple[Any, str, Any]] = []
    for name, child in model.named_children():
        if _is_torchs(child):
            continue
        try:
            found.append((model, name, compiled(child)))
        except NotExportableError:
            found += _scripted_parts(child)
    if not found:
        raise unfit("no_part", "has no part that can be compiled")
    return found


def _is_torchs(module: Model) -> bool:
    return all(type(part).__module__.startswith("torch.nn.") for part in module.modules())


def _traced_parts(subject: Subject) -> Parts[tuple[Any, str, Any]]:
    """Direct parts that cannot be compiled, traced with what they are called with on the example."""
    children = dict(subject.model.named_children())
    uncompiled = [name for name, child in children.items() if not _is_torchs(child) and not _compiles(child)]
    if not uncompiled:
        raise unfit(
            "own_forward", "cannot be compiled, and all its parts can: the reason is in its own forward", "export"
        )
    seen = _calls(subject, [children[name] for name in uncompiled])
    found = []
    for name in uncompiled:
        positional, named = seen.get(id(children[name]), ((), {"": None}))
        if named:
            text = f"its part {name} cannot be compiled, and is not called with tensors by position"
            raise NotExportableError(Reason("part_called", text))
        found.append((subject.model, name, trace.recorded_run(children[name], positional).module))
    return found


def _compiles(module: Model) -> bool:
    try:
        compiled(module)
    except NotExportableError:
        return False
    return True


def _calls(subject: Subject, modules: list[Any]) -> dict[int, tuple[Any, Any]]:
    seen: dict[int, tuple[Any, Any]] = {}

    def keep(module: Model, positional: Any, named: Any) -> None:
        seen.setdefault(id(module), (positional, named))

    hooks = [module.register_forward_pre_hook(keep, with_kwargs=True) for module in modules]
    try:
        eager.call(subject.model, subject.example)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


@contextlib.contextmanager
def _replaced(parts: Parts[tuple[Any, str, Any]]) -> Iterator[None]:
    before = [(parent, name, getattr(parent, name)) for parent, name, _ in parts]
    try:
        for parent, name, replacement in parts:
            setattr(parent, name, replacement)
        yield
    finally:
        for parent, name, module in before:
            setattr(parent, name, module)
