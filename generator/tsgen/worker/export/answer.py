"""The whole export on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import torch

from .. import operators, preprocess, sources
from ..artifact import model_file
from ..checks import tune
from ..host import cpu, switches
from ..host.capability import capability
from ..host.seed import seed_everything
from ..inputs import bind
from ..messages import ExportAnswer, OperatorLibrary, Problem, Tried
from ..probes import methods, probe
from ..progress import progress
from ..reference import prepare, reinitialize, uncompiled
from ..users_code import files_read, origin
from . import cases, choose, noise
from .attempt import Job
from .runtimes import RUNTIMES

if TYPE_CHECKING:
    from ..artifact.signature import Facts
    from ..calls.plan import Plan
    from ..messages import ExportRequest, Signature
    from ..probes.methods import Methods
    from ..probes.probe import Probed
    from ..sources.loaded import Loaded
    from .attempt import Candidate
    from .choose import Choice


@dataclass(frozen=True)
class Begun:
    """The model and what it answers to every input it is tried on, before anything is exported."""

    loaded: Loaded
    probed: Probed
    entries: Methods
    read: set[str]
    """The data files that its code read."""
    settings: tuple[tuple[str, str], ...] = ()
    """Of the process."""
    otherwise: Callable[[], Begun] | None = None
    """The model without a part of its state that no export carries; None where that would be another model."""


def begin(request: ExportRequest) -> Begun:
    """Raises Problem."""
    prepare.quiet_deprecations()
    prepare.one_thread()
    seed_everything(request.seed)
    untouched = switches.state()
    operators.load(request.op_libraries, request.linked_libraries)
    progress(f"load {request.label}")
    with files_read.recorded() as read:
        loaded = sources.load(request)
    if request.preprocess:
        loaded = preprocess.applied(loaded, request)
    changed, set_at_first = switches.set_since(untouched), switches.state()
    settings = switches.settings(changed)
    plain, notes = uncompiled.taken_off(loaded.model)
    loaded = replace(loaded, model=plain, notes=(*loaded.notes, *notes, *switches.notes(changed)))
    model = prepare.prepared(plain, request.label)
    plan = bind.plan(request, loaded, model)
    answered = reinitialize.draw_weights(model, plan, request.seed) if loaded.fresh or request.reinit_weights else []
    probed = probe.probe(model, plan, answered)
    begun = Begun(loaded, probed, methods.Methods(), read, settings)
    made = _with_counter(begun, plan) if probed.kept else _with_methods(begun, plan)
    switches.refuse_later(set_at_first, calls="forward")
    return made


def _with_counter(begun: Begun, plan: Plan) -> Begun:
    """A model that keeps state. No method may carry a counter: then it is exported as a model without, and told."""
    made = _sequence(begun, plan)
    if begun.probed.kept is None or not begun.probed.kept.counter:
        return made

    def otherwise() -> Begun:
        return replace(begun, probed=_quiet(probe.probe(begun.probed.model, plan, counters=False)))

    return replace(made, otherwise=otherwise)


def _with_methods(begun: Begun, plan: Plan) -> Begun:
    """Exported methods that change what forward answers make a sequence of all calls."""
    begun = replace(begun, probed=_quiet(begun.probed))
    entries = methods.probed(begun.probed, plan, begun.loaded)
    apart = methods.without_unclear(begun.probed.model, entries)
    if not entries.keeping:
        return replace(begun, entries=apart)
    without = replace(begun, entries=methods.told_as_missing(apart))
    if begun.probed.untouched is None:
        return without
    kept = next(iter(entries.keeping.values()))
    made = _sequence(replace(begun, probed=replace(begun.probed, kept=kept)), plan)
    return replace(made, otherwise=lambda: without)


def _sequence(begun: Begun, plan: Plan) -> Begun:
    plans, notes = methods.planned(begun.probed.untouched, plan, begun.loaded)
    while True:
        probed = _quiet(probe.of_sequence(begun.probed, plan, plans))
        entries = methods.without_unclear(probed.model, methods.Methods(probed.methods, notes))
        if entries.probes.keys() == probed.methods.keys():
            return replace(begun, probed=probed, entries=entries)
        plans, notes = {name: plans[name] for name in entries.probes}, entries.notes


def _quiet(probed: Probed) -> Probed:
    prepare.without_gradients(probed.model)
    return probed


def export(request: ExportRequest) -> ExportAnswer:
    """Raises Problem."""
    begun = begin(request)
    try:
        return _exported(request, begun)
    except Problem as problem:
        if problem.kind != "unfaithful" or begun.otherwise is None:
            raise
        return _exported(request, begun.otherwise())


def _exported(request: ExportRequest, begun: Begun) -> ExportAnswer:
    choice, model = _chosen(request, begun), begun.probed.model
    described, facts = _described(choice.chosen)
    libraries = operators.found_in(request.output / model_file.NAME).libraries if facts.libraries else ()
    operators.ship(libraries, request.output)
    folder = request.output / "cases"
    written = tuple(cases.write(folder, model, choice))
    return ExportAnswer(
        method=choice.chosen.method,
        torch_version=str(torch.__version__),
        parameters=prepare.count_parameters(model),
        exact=choice.chosen.exact,
        cpu=cpu.identity(capability()),
        signature=described,
        cases=written,
        call="flat" if facts.flat else "nested",
        select=facts.select,
        engine=facts.engine,
        sequence=facts.sequence,
        libraries=tuple(OperatorLibrary(each.namespace, each.file) for each in facts.libraries),
        cpu_only=facts.cpu_only,
        device_unchecked=facts.device_unchecked,
        notes=_notes(request, begun, choice),
        candidates=tuple(_tried(candidate) for candidate in (*choice.others, choice.chosen)),
        runtime=request.runtime,
        floors=noise.write(folder, model, cases.saved(choice), request.tolerance) if choice.inexact else (),
        packaged=request.packaged,
        files=tuple(sorted({*origin.user_files(), *operators.user_files(libraries), *begun.loaded.files, *begun.read})),
    )


def _chosen(request: ExportRequest, begun: Begun) -> Choice:
    probed, entries = begun.probed, begun.entries
    job = Job(
        request,
        probed.model,
        probed.probes,
        _extra(request),
        probed.sequence,
        entries.probes,
        probed.taken,
        probed.sizes,
        begun.settings,
        probed.kept,
    )
    try:
        return RUNTIMES[request.runtime](job)
    except Problem as problem:
        raise tune.with_hint(problem, request.tune) from None


def _notes(request: ExportRequest, begun: Begun, choice: Choice) -> tuple[str, ...]:
    tuned = tune.notes_of(request.tune, exact=choice.chosen.exact)
    only = choice.chosen.facts.cpu_only if choice.chosen.facts else ""
    held = [f"it runs on the CPU only: {only}"] if only else []
    kept = begun.probed.kept
    apart = methods.unmarked(begun.probed.model, kept.names) if kept else []
    told = (*begun.loaded.notes, *choose.notes_of(choice), *tuned, *held)
    return (*told, *begun.probed.notes, *begun.entries.notes, *apart)


def _described(chosen: Candidate) -> tuple[Signature, Facts]:
    if chosen.described is None or chosen.facts is None:
        raise Problem("internal", "the chosen export has no signature")
    return chosen.described, chosen.facts


def _tried(candidate: Candidate) -> Tried:
    told = [reason.sentence for reason in ([candidate.reason] if candidate.reason else candidate.unmet.values())]
    silent_specialization = candidate.silent_specialization.text if candidate.silent_specialization else ""
    return Tried(candidate.method, candidate.faithful, "; ".join(told) or silent_specialization)


def _extra(request: ExportRequest) -> dict[str, str]:
    is_file = request.source["kind"] == "torchscript"
    return model_file.extra_files(Path(request.source["path"])) if is_file else {}
