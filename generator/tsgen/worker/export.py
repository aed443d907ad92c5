"""The whole export on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from . import (
    artifact,
    cases,
    choose,
    cpu,
    inputs,
    liven,
    methods,
    opened,
    operators,
    origin,
    prepare,
    preprocess,
    probing,
    sources,
)
from .candidate import Job
from .capability import capability
from .progress import progress
from .protocol import Problem
from .seed import seed_everything

if TYPE_CHECKING:
    from .candidate import Candidate
    from .methods import Methods
    from .plan import Plan
    from .probing import Probed
    from .protocol import Request
    from .sources.loaded import Loaded


@dataclass(frozen=True)
class Begun:
    """The model and what it answers to every input it is tried on, before anything is exported."""

    loaded: Loaded
    probed: Probed
    entries: Methods
    read: set[str]
    """The data files that its code read."""
    plan: Plan


def begin(request: Request) -> Begun:
    """Raises Problem."""
    prepare.quiet_deprecations()
    prepare.one_thread()
    seed_everything(request.seed)
    operators.load(request.op_libraries, request.linked_libraries)
    progress(f"load {request.label}")
    with opened.recorded() as read:
        loaded = sources.load(request)
    if request.preprocess:
        loaded = preprocess.applied(loaded, request)
    prepare.check_switches()
    model = prepare.prepared(loaded.model, request.label)
    plan = inputs.plan(request, loaded, model)
    if loaded.fresh or request.livened:
        liven.liven(model, plan, request.seed)
    probed = probing.probe(model, plan)
    prepare.without_gradients(probed.model)
    entries = methods.Methods() if probed.sequence else methods.probed(probed.model, plan, loaded)
    return Begun(loaded, probed, entries, read, plan)


def export(request: Request) -> dict[str, Any]:
    """The response. Raises Problem."""
    begun = begin(request)
    try:
        return _exported(request, begun)
    except Problem as problem:
        if problem.kind != "unfaithful" or not begun.probed.counter:
            raise
    # No method carries the counter: then it is exported like a model without one, and that is told.
    probed = probing.probe(begun.probed.model, begun.plan, counters=False)
    return _exported(request, replace(begun, probed=probed))


def _exported(request: Request, begun: Begun) -> dict[str, Any]:
    loaded, probed, entries = begun.loaded, begun.probed, begun.entries
    job = Job(
        request,
        probed.model,
        probed.probes,
        _extra(request),
        probed.sequence,
        entries.probes,
        probed.taken,
        probed.sizes,
    )
    choice = choose.choose(job)
    libraries = operators.found_in(request.output / artifact.NAME).libraries
    operators.ship(libraries, request.output)
    return {
        **_response(choice.chosen),
        "cases": cases.write(request.output / "cases", probed.model, choice),
        "notes": [*loaded.notes, *choose.notes_of(choice), *probed.notes, *entries.notes],
        "candidates": [_tried(candidate) for candidate in (*choice.others, choice.chosen)],
        "files": sorted({*origin.user_files(), *operators.user_files(libraries), *loaded.files, *begun.read}),
        "parameters": prepare.count_parameters(probed.model),
    }


def _response(chosen: Candidate) -> dict[str, Any]:
    described, facts = chosen.described, chosen.facts
    if described is None or facts is None:
        raise Problem("internal", "the chosen export has no signature")
    return {
        "ok": True,
        "method": chosen.method,
        "torch_version": str(torch.__version__),
        "cpu": cpu.identity(capability()),
        "exact": chosen.exact,
        "signature": described.forward.as_json(),
        "dims": described.forward.dims,
        "methods": {name: {**other.as_json(), "dims": other.dims} for name, other in described.methods.items()},
        "call": "flat" if facts.flat else "nested",
        "select": list(facts.select),
        "engine": facts.engine,
        "sequence": facts.sequence,
        "libraries": [{"namespace": namespace, "file": file} for namespace, file in facts.libraries],
    }


def _tried(candidate: Candidate) -> dict[str, Any]:
    reason = candidate.reason or "; ".join(candidate.wishes.values()) or candidate.doubt
    return {"method": candidate.method, "faithful": candidate.faithful, "reason": reason}


def _extra(request: Request) -> dict[str, str]:
    is_file = request.source["kind"] == "torchscript"
    return artifact.extra_files(Path(request.source["path"])) if is_file else {}
