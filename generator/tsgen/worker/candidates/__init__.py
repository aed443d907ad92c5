"""The ways to export a model, in the order `auto` tries them.

A new method is a module with an `export`, and a line in METHODS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch

from . import as_it_is, script, trace

if TYPE_CHECKING:
    from .exported import Exported


class Method(Protocol):
    """Makes a TorchScript module of an eager one; `example` are the inputs in forward's order.

    Raises NotExportableError.
    """

    def __call__(self, model: Any, example: tuple[Any, ...], /) -> Exported: ...


METHODS: dict[str, Method] = {"trace": trace.export, "script": script.export}
KEPT = "torchscript"
"""The method of a model that is TorchScript already."""


def methods_for(model: Any, asked: str) -> dict[str, Method]:
    if isinstance(model, torch.jit.ScriptModule) and asked != "trace":
        return {KEPT: as_it_is.export}
    return METHODS if asked == "auto" else {asked: METHODS[asked]}
