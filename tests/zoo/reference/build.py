"""The model as the worker builds it: the same source, the same seed, the same lively weights."""

from __future__ import annotations

import importlib
import runpy
from typing import TYPE_CHECKING, Any

from tests.zoo.entries import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

WORKER = REPOSITORY / "generator" / "tsgen" / "worker"


def register() -> None:
    runpy.run_path(str(WORKER / "__main__.py"), run_name="registered")["_register"]()


def _part(name: str) -> Any:
    return importlib.import_module(f"tsgen_worker.{name}")


def built(request_file: Path) -> tuple[Any, Any]:
    """The model in eval mode and what its source loaded. The order is that of the worker's export.py."""
    request = _part("reading").value_of(_part("messages").ExportRequest, _part("reading").read(request_file))
    prepare = _part("reference.prepare")
    prepare.quiet_deprecations()
    prepare.one_thread()
    _part("host.seed").seed_everything(request.seed)
    _part("operators").load(request.op_libraries, request.linked_libraries)
    loaded = _part("sources").load(request)
    if request.preprocess:
        loaded = _part("preprocess").applied(loaded, request)
    model = prepare.prepared(loaded.model, request.label)
    if loaded.fresh or request.reinit_weights:
        _part("reference.reinitialize").draw_weights(
            model, _part("inputs.bind").plan(request, loaded, model), request.seed
        )
    return model, loaded
