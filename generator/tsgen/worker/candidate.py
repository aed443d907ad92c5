"""One way to export, tried: made, saved with its signature, and judged by running the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from . import artifact, doubts, engine, operators
from .candidates import flat
from .candidates.exported import NotExportableError
from .candidates.subject import Subject
from .failures import compiler_said
from .faithful import Court, Verdict, judge
from .flatten import leaves_in
from .methods import View
from .protocol import Problem
from .signature import EXTRA_FILE, Described, Facts, infer

if TYPE_CHECKING:
    from .candidates import Method
    from .candidates.exported import Exported, Frozen
    from .eager import Probe
    from .far import Sizes
    from .protocol import Request
    from .signature import Signature


@dataclass(frozen=True)
class Job:
    """What every candidate is made from and judged by."""

    request: Request
    model: Any
    probes: list[Probe]
    extra: dict[str, str] = field(default_factory=dict)
    sequence: bool = False
    methods: dict[str, list[Probe]] = field(default_factory=dict)
    """The probes of each exported method."""
    suspects: tuple[Frozen, ...] = ()
    """Where Python takes values out of tensors."""
    sizes: Sizes | None = None
    """Tries further sizes."""

    @property
    def signature(self) -> Signature:
        return infer(self.probes, self.model)

    def without(self, wishes: dict[str, str]) -> Job:
        methods = {name: probes for name, probes in self.methods.items() if f"method {name}" not in wishes}
        fixed = [wish.partition(" ")[2] for wish in wishes if wish.startswith("size ")]
        base = self.probes[0].sizes
        probes = [probe for probe in self.probes if probe.wish not in wishes]
        kept = [probe for probe in probes if all(probe.sizes.get(name) == base.get(name) for name in fixed)]
        return replace(self, probes=kept, methods=methods, sizes=None)

    def with_further(self, candidate: Candidate) -> Job:
        """What one candidate brought up is asked of the next ones too."""
        suspects = tuple(dict.fromkeys((*self.suspects, *candidate.suspects)))
        return replace(self, probes=[*self.probes, *candidate.further], suspects=suspects)


@dataclass(frozen=True)
class Candidate:
    method: str
    reason: str = ""
    """Why it is not faithful; empty when it is."""
    exact: bool = False
    doubt: str = ""
    """What was lost although no input that was tried shows it: `froze a branch (model.py:12: if x.sum() > 0:)`."""
    by_torch: bool = False
    """It is torch that says so."""
    wishes: dict[str, str] = field(default_factory=dict)
    """What it does not carry although the model does, and how that shows."""
    fixed: dict[str, Any] = field(default_factory=dict)
    described: Described | None = None
    facts: Facts | None = None
    further: tuple[Probe, ...] = ()
    """At the sizes that this one made doubtful."""
    suspects: tuple[Frozen, ...] = ()

    @property
    def faithful(self) -> bool:
        return not self.reason


def attempt(job: Job, name: str, method: Method) -> Candidate:
    """The file of a faithful one lies in the output folder."""
    constants = frozenset(_places_of_constants(job))
    subject = Subject(job.model, _example(job), constants, frozenset(_steady(job)), job.sequence)
    try:
        exported = method(subject)
        further = doubts.further(job.sizes, exported, job.suspects) if job.sizes else []
        job = replace(job, probes=[*job.probes, *further])
        signature = job.signature
        verdict, described, facts = _save_and_judge(job, name, exported, signature, constants)
        frozen = _frozen_numbers(verdict, exported)
        if frozen and exported.flat:
            exported = flat.export_fixing(subject, {*exported.fixed, *frozen})
            wishes = verdict.wishes
            verdict, described, facts = _save_and_judge(job, name, exported, signature, constants)
            verdict.wishes.update({wish: wishes[wish] for wish in verdict.wishes if wish in wishes})
    except NotExportableError as error:
        return Candidate(name, str(error))
    if frozen and not exported.flat and not verdict.reason:
        verdict = Verdict(verdict.wishes[f"number {frozen[0]}"])
    found = Candidate(name, further=tuple(further), suspects=exported.frozen)
    if verdict.reason:
        return replace(found, reason=_with_place(exported, verdict))
    doubt, by_torch = doubts.lost(exported, job.suspects, verdict.inexact, strings=_takes_strings(job))
    return replace(
        found, exact=verdict.exact, doubt=doubt, by_torch=by_torch, wishes=verdict.wishes, fixed=exported.fixed,
        described=described, facts=facts,
    )  # fmt: skip


def _takes_strings(job: Job) -> bool:
    return any(leaf.kind == "str" for leaf in leaves_in(job.probes[0].inputs))


def _example(job: Job) -> Any:
    """Random numbers rather than ones: ones make a branch like `x.sum() > 0` look certain."""
    return next((probe for probe in job.probes if probe.name == "random-1"), job.probes[0]).call


def _steady(job: Job) -> list[str]:
    seen: dict[str, set[Any]] = {}
    for probe in job.probes:
        for leaf in leaves_in(probe.inputs):
            if leaf.kind != "tensor":
                seen.setdefault(leaf.name, set()).add(leaf.value)
    return [name for name, values in seen.items() if len(values) == 1]


def _places_of_constants(job: Job) -> list[str]:
    names = {node.name for node in job.signature.outputs if node.kind == "constant"}
    return [leaf.place for probe in job.probes for leaf in probe.expected if leaf.name in names]


def _frozen_numbers(verdict: Verdict, exported: Exported) -> list[str]:
    paths = [wish.partition(" ")[2] for wish in verdict.wishes if wish.startswith("number ")]
    return [path for path in paths if path not in exported.fixed]


def _save_and_judge(
    job: Job, name: str, exported: Exported, signature: Signature, constants: frozenset[str]
) -> tuple[Verdict, Described, Facts]:
    """Raises NotExportableError."""
    if exported.fixed:
        signature = infer(job.probes, job.model, without=frozenset(exported.fixed))
    methods = {method: infer(probes, View(job.model, method)) for method, probes in job.methods.items()}
    described = Described(signature, methods)
    facts = Facts(
        job.request.portable_label,
        name,
        str(torch.__version__),
        flat=exported.flat,
        sequence=job.sequence,
    )
    path = job.request.output / artifact.NAME
    _save(job, exported, described, facts)
    found = operators.found_in(path)
    if found.unknown:
        raise operators.unknown(job.request.label, found.unknown)
    libraries = tuple((library.namespace, library.file) for library in found.libraries)
    facts = replace(facts, libraries=libraries, engine=engine.of(path))
    if facts.libraries or facts.engine:
        _save(job, exported, described, facts)
    verdict = judge(path, name, exported, _court(job, constants))
    if verdict.select and not verdict.reason:
        facts = replace(facts, select=verdict.select)
        _save(job, exported, described, facts)
    return verdict, described, facts


def _court(job: Job, constants: frozenset[str]) -> Court:
    return Court(job.probes, job.request.tolerance, constants, job.sequence, job.methods)


def _save(job: Job, exported: Exported, described: Described, facts: Facts) -> None:
    path = job.request.output / artifact.NAME
    try:
        artifact.save(exported.module, path, {**job.extra, EXTRA_FILE: described.as_text(facts)})
    except Problem:
        raise
    except Exception as error:
        raise NotExportableError(f"it cannot be saved: {compiler_said(error)}") from error


def _with_place(exported: Exported, verdict: Verdict) -> str:
    if not exported.frozen or verdict.reason.startswith("it calls"):
        return verdict.reason
    first = exported.frozen[0]
    return f"it froze {first.what} ({first.place}); {verdict.reason}"
