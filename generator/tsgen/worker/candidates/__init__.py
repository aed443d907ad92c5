"""The ways to export a model, in the order `auto` tries them.

A new method is a module with an `export`, and a line in METHODS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch

from . import as_it_is, flat, mixed, script, trace

if TYPE_CHECKING:
    from .exported import Exported
    from .subject import Subject


class Method(Protocol):
    """Makes a TorchScript module of an eager one. Raises NotExportableError."""

    def __call__(self, subject: Subject, /) -> Exported: ...


METHODS: dict[str, tuple[Method, ...]] = {
    "trace": (trace.export,),
    "script": (script.export,),
    "flat": (flat.export, flat.export_with_fixed_numbers),
    "mixed": (mixed.trace_with_scripted_parts, mixed.script_with_traced_parts),
}
"""By the name that --method and the report use."""
KEPT = "torchscript"
"""The method of a model that is TorchScript already."""
KEEPING_STATE = ("script", "mixed")
"""A trace drops what a call assigns to the model, and keeps only what it writes into a tensor in place."""


def methods_for(subject: Subject, asked: str) -> list[tuple[str, Method]]:
    model: Any = subject.model
    if isinstance(model, torch.jit.ScriptModule) and asked not in ("trace", "flat"):
        return [(KEPT, as_it_is.export)]
    names = _usual(subject) if asked == "auto" else [asked]
    return [(name, method) for name in names for method in METHODS[name]]


def _usual(subject: Subject) -> list[str]:
    if not subject.sequence:
        return list(METHODS)
    recording = [name for name in METHODS if name not in KEEPING_STATE]
    return [*KEEPING_STATE, *(recording if subject.in_place else [])]
