"""The whole export on one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from . import artifact, cases, choose, cpu, inputs, liven, opened, origin, prepare, probing, signature, sources
from .capability import capability
from .progress import progress
from .seed import seed_everything

if TYPE_CHECKING:
    from .protocol import Request


def export(request: Request) -> dict[str, Any]:
    """The response. Raises Problem."""
    prepare.quiet_deprecations()
    prepare.one_thread()
    seed_everything(request.seed)
    progress(f"load {request.label}")
    with opened.recorded() as read:
        loaded = sources.load(request)
    prepare.check_switches()
    model = prepare.prepared(loaded.model, request.label)
    plan = inputs.plan(request, loaded, model)
    if loaded.fresh:
        liven.liven(model, plan, request.seed)
    probes = probing.probes_of(model, plan)
    prepare.without_gradients(model)
    described = signature.infer(plan, probes)
    tried = choose.choose(choose.Job(request, model, probes, described, _extra(request)))
    return {
        "ok": True,
        "method": tried[-1].method,
        "torch_version": str(torch.__version__),
        "cpu": cpu.identity(capability()),
        "exact": tried[-1].exact,
        "signature": described.as_json(),
        "dims": described.dims,
        "cases": cases.write(request.output / "cases", model, plan, probes),
        "notes": choose.notes_of(tried) + probing.notes_of(plan, probes),
        "candidates": [{"method": c.method, "faithful": c.faithful, "reason": c.reason} for c in tried],
        "files": sorted({*origin.user_files(), *loaded.files, *read}),
        "parameters": prepare.count_parameters(model),
    }


def _extra(request: Request) -> dict[str, str]:
    is_file = request.source["kind"] == "torchscript"
    return artifact.extra_files(Path(request.source["path"])) if is_file else {}
