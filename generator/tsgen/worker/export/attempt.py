"""One way to export, tried: made, saved with its signature, and judged by running the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from .. import operators
from ..artifact import model_file
from ..artifact.signature import EXTRA_FILE, FORWARD, Facts, infer, text_of, writing
from ..candidates import devices as following
from ..candidates import flat, remembering
from ..candidates.exported import NotExportableError, unmade
from ..candidates.subject import Subject
from ..checks import devices, specialization, tune
from ..checks.faithful import Criteria, Verdict, check
from ..host import engine
from ..messages import Problem
from ..reasons import Requirement
from ..reference import gradients
from ..reference.view import View
from ..users_code.failures import format_compiler_error
from ..users_code.torch_messages import is_transform
from ..values.flatten import leaves_in

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from ..candidates import Method
    from ..candidates.exported import Exported
    from ..messages import ExportRequest, Signature
    from ..probes.extrapolation import Sizes
    from ..reasons import FrozenKind, Reason, ReasonKind, SilentSpecialization
    from ..reference.eager import Probe
    from ..state.kept import Kept
    from ..users_code.frozen import Frozen


@dataclass(frozen=True)
class Job:
    """What every candidate is made from and judged by."""

    request: ExportRequest
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
    settings: tuple[tuple[str, str], ...] = ()
    """Of the process."""
    kept: Kept | None = None
    """What a model keeps whose probes are a sequence."""

    @property
    def in_place(self) -> bool:
        return self.kept is not None and not self.kept.assigned

    @property
    def forward(self) -> list[Probe]:
        return [probe for probe in self.probes if not probe.method]

    @property
    def signature(self) -> Signature:
        return infer(self.forward, self.model)

    def without(self, unmet: Container[Requirement]) -> Job:
        methods = {name: probes for name, probes in self.methods.items() if Requirement("method", name) not in unmet}
        base = self.probes[0].sizes
        fixed = [name for name in base if Requirement("size", name) in unmet]
        probes = [probe for probe in self.probes if probe.requirement not in unmet]
        kept = [
            probe for probe in probes if probe.method or all(probe.sizes.get(name) == base.get(name) for name in fixed)
        ]
        return replace(self, probes=kept, methods=methods, sizes=None)

    def with_further(self, candidate: Candidate) -> Job:
        """What one candidate brought up is asked of the next ones too."""
        suspects = tuple(dict.fromkeys((*self.suspects, *candidate.suspects)))
        return replace(self, probes=[*self.probes, *candidate.further], suspects=suspects)


@dataclass(frozen=True)
class Candidate:
    method: str
    reason: Reason | None = None
    """Why it is not faithful; None when it is."""
    told: tuple[str, ...] = ()
    """What the user should know of it besides what it lacks."""
    exact: bool = False
    silent_specialization: SilentSpecialization | None = None
    unmet: dict[Requirement, Reason] = field(default_factory=dict)
    """What it does not carry although the model does, and how that shows."""
    fixed: dict[str, Any] = field(default_factory=dict)
    described: Signature | None = None
    facts: Facts | None = None
    further: tuple[Probe, ...] = ()
    """At the sizes that this one made doubtful."""
    suspects: tuple[Frozen, ...] = ()

    @property
    def faithful(self) -> bool:
        return self.reason is None


def attempt(job: Job, name: str, method: Method) -> Candidate:
    """The file of a faithful one lies in the output folder."""
    constants = frozenset(_places_of_constants(job))
    subject = Subject(job.model, _example(job), constants, frozenset(_steady(job)), job.sequence, job.in_place)
    try:
        exported = _made(remembering.made(name, method, subject), job)
        further = specialization.further(job.sizes, exported, job.suspects) if job.sizes else []
        job = replace(job, probes=[*job.probes, *further])
        if further and (varied := frozenset(_places_of_constants(job))) != constants:
            constants, subject = varied, replace(subject, constants=varied)
            exported = _made(remembering.made(name, method, subject), job)
        signature = job.signature
        verdict, described, facts = _save_and_judge(job, name, exported, signature, constants)
        frozen = _frozen_numbers(verdict, exported)
        if frozen and exported.flat:
            exported = flat.export_fixing(subject, {*exported.fixed, *frozen})
            before = verdict.unmet
            exported = _made(exported, job)
            verdict, described, facts = _save_and_judge(job, name, exported, signature, constants)
            verdict = replace(
                verdict, unmet={requirement: before.get(requirement, why) for requirement, why in verdict.unmet.items()}
            )
    except NotExportableError as error:
        return Candidate(name, error.reason)
    if frozen and not exported.flat and not verdict.reason:
        verdict = Verdict(verdict.unmet[Requirement("number", frozen[0])])
    found = Candidate(name, further=tuple(further), suspects=exported.frozen)
    if verdict.reason:
        return replace(found, reason=_with_place(exported, job.suspects, verdict.reason))
    lost = specialization.lost(exported, job.suspects, verdict.inexact, strings=_takes_strings(job))
    return replace(
        found, exact=verdict.exact, silent_specialization=lost, unmet=verdict.unmet, fixed=exported.fixed,
        described=described, facts=facts,
    )  # fmt: skip


def _differentiated(signature: Signature) -> tuple[str, ...]:
    """As the signature has their names: `images.*` for each element of a list."""
    names = {node.name for node in signature.inputs}
    found = [path if path in names else _INDEX.sub(".*", path) for path in gradients.inputs()]
    return tuple(name for name in dict.fromkeys(found) if name in names)


_INDEX = re.compile(r"\.\d+(?=\.|$)")


def _made(exported: Exported, job: Job) -> Exported:
    """Ready to be saved: free of the device that it was made on, or tuned for that one."""
    if tune.word(job.request.tune):
        return tune.applied(exported, job.request.tune, job.methods)
    names = [FORWARD, *(name for name in job.methods if hasattr(exported.module, name))]
    following.follow_inputs(exported.module, names)
    if gradients.is_taken_in(exported.module) and not gradients.are_on():
        gradients.turn_on()
    return exported


def _takes_strings(job: Job) -> bool:
    return any(leaf.kind == "str" for leaf in leaves_in(job.probes[0].inputs))


def _example(job: Job) -> Any:
    """Random numbers rather than ones: ones make a branch like `x.sum() > 0` look certain."""
    return next((probe for probe in job.probes if probe.name == "random-1"), job.probes[0]).call


def _steady(job: Job) -> list[str]:
    seen: dict[str, set[Any]] = {}
    for probe in job.forward:
        for leaf in leaves_in(probe.inputs):
            if leaf.kind != "tensor":
                seen.setdefault(leaf.name, set()).add(leaf.value)
    return [name for name, values in seen.items() if len(values) == 1]


def _places_of_constants(job: Job) -> list[str]:
    names = {node.name for node in job.signature.outputs if node.kind == "constant"}
    return [leaf.place for probe in job.forward for leaf in probe.expected if leaf.name in names]


def _frozen_numbers(verdict: Verdict, exported: Exported) -> list[str]:
    paths = [requirement.name for requirement in verdict.unmet if requirement.kind == "number"]
    return [path for path in paths if path not in exported.fixed]


def _save_and_judge(
    job: Job, name: str, exported: Exported, signature: Signature, constants: frozenset[str]
) -> tuple[Verdict, Signature, Facts]:
    """Raises NotExportableError."""
    if exported.fixed:
        signature = infer(job.probes, job.model, without=frozenset(exported.fixed))
    methods = {method: infer(probes, View(job.model, method)) for method, probes in job.methods.items()}
    described = replace(signature, methods=methods)
    facts = Facts(
        job.request.portable_label,
        name,
        str(torch.__version__),
        flat=exported.flat,
        tune=tune.word(job.request.tune),
        sequence=job.sequence,
        settings=job.settings,
        gradients=gradients.is_taken_in(exported.module),
        differentiated=_differentiated(described),
    )
    path = job.request.output / model_file.NAME
    _save(job, exported, described, facts)
    found = operators.found_in(path)
    if found.unknown:
        raise operators.unknown(job.request.label, found.unknown)
    facts = replace(facts, libraries=found.libraries, engine=engine.of(path))
    if facts.libraries or facts.engine:
        _save(job, exported, described, facts)
    verdict = check(path, name, exported, _criteria(job, constants, described, facts))
    if not verdict.reason:
        facts, described = replace(facts, select=verdict.select), writing(described, verdict.writes)
        facts = _where_it_runs(job, path, exported, facts, verdict)
        if verdict.select or any(verdict.writes.values()) or facts.cpu_only:
            _save(job, exported, described, facts)
    return verdict, described, facts


def _where_it_runs(job: Job, path: Path, exported: Exported, facts: Facts, verdict: Verdict) -> Facts:
    """A tuned file is for the CPU anyway."""
    if facts.tune:
        return facts
    lost = {requirement.name for requirement in verdict.unmet if requirement.kind == "method"}
    methods = {name: probes[0] for name, probes in job.methods.items() if name not in lost}
    found = devices.check(path, exported, {FORWARD: job.probes[0], **methods}, quantized=bool(facts.engine))
    if found.kind == "unchecked":
        return replace(facts, device_unchecked=found.why)
    return replace(facts, cpu_only=found.why)


def _criteria(job: Job, constants: frozenset[str], described: Signature, facts: Facts) -> Criteria:
    foreign = bool(facts.libraries)
    return Criteria(
        job.probes, job.request.tolerance, constants, job.sequence, job.methods, described, foreign, facts.tune
    )


def _save(job: Job, exported: Exported, described: Signature, facts: Facts) -> None:
    path = job.request.output / model_file.NAME
    try:
        model_file.save(exported.module, path, {**job.extra, EXTRA_FILE: text_of(described, facts)})
    except Problem:
        raise
    except Exception as error:
        raise unmade("not_stored", f"cannot be saved: {format_compiler_error(error)}", "export") from error


def _with_place(exported: Exported, suspects: tuple[Frozen, ...], reason: Reason) -> Reason:
    """What torch passes over while it traces, Python was seen to do."""
    seen = exported.frozen or tuple(place for place in suspects if place.doubtful and exported.traced)
    if not seen:
        return reason
    first = seen[0]
    text = f"froze {first.told()}; {reason.sentence}"
    return replace(reason, kind=_cause(first, reason), text=text, where=first.place, speaker="making")


_CAUSES: dict[FrozenKind, ReasonKind] = {
    "branch": "branch", "loop": "loop", "index": "number", "number": "number", "value": "number", "list": "list",
    "length": "length", "array": "array", "constant": "constant", "try": "branch",
}  # fmt: skip
_SIZES = ("index", "number", "value")
"""What another shape comes of."""


def _cause(first: Frozen, reason: Reason) -> ReasonKind:
    if is_transform(first.file):
        return "transform"
    return "shape" if reason.kind == "shape" and first.kind in _SIZES else _CAUSES[first.kind]
