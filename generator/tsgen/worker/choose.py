"""The first method whose saved file is faithful, or why none is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from . import artifact
from .candidates import methods_for
from .candidates.exported import NotExportableError
from .failures import compiler_said
from .faithful import Verdict, judge
from .foreign import foreign_operators
from .progress import progress
from .protocol import Problem
from .signature import EXTRA_FILE

if TYPE_CHECKING:
    from .candidates import Method
    from .candidates.exported import Exported
    from .eager import Probe
    from .protocol import Request
    from .signature import Signature

_GERUND = {"trace": "tracing", "script": "scripting"}
_PAST = {"trace": "traced", "script": "scripted", "torchscript": "kept"}


@dataclass(frozen=True)
class Candidate:
    method: str
    faithful: bool
    reason: str
    exact: bool = False
    doubt: str = ""
    """What torch says was frozen, although no input that was tried shows it."""


@dataclass(frozen=True)
class Job:
    """What every candidate is made from and judged by."""

    request: Request
    model: Any
    probes: list[Probe]
    signature: Signature
    extra: dict[str, str]


def choose(job: Job) -> list[Candidate]:
    """All that were tried; the last one is faithful and lies in the output folder. Raises Problem(unfaithful).

    A faithful one of which torch says that it froze something is taken only when no later one is faithful.
    """
    tried: list[Candidate] = []
    path = job.request.output / artifact.NAME
    aside = path.with_suffix(".doubtful")
    for name, method in methods_for(job.model, job.request.method).items():
        progress(name)
        tried.append(_try(name, method, job))
        if tried[-1].faithful and not tried[-1].doubt:
            aside.unlink(missing_ok=True)
            return tried
        if tried[-1].faithful and not aside.exists():
            path.replace(aside)
    path.unlink(missing_ok=True)
    if not aside.exists():
        raise _none_is_faithful(job, tried)
    aside.replace(path)
    return sorted(tried, key=lambda candidate: candidate.faithful)


def _try(name: str, method: Method, job: Job) -> Candidate:
    try:
        exported = method(job.model, _example(job.probes))
        verdict = _save_and_judge(name, exported, job)
    except NotExportableError as error:
        return Candidate(name, faithful=False, reason=str(error))
    if verdict.reason:
        return Candidate(name, faithful=False, reason=_with_place(exported, verdict))
    doubts = [frozen for frozen in exported.frozen if frozen.doubtful]
    doubt = f"{doubts[0].what} ({doubts[0].place})" if doubts else ""
    return Candidate(name, faithful=True, reason="", exact=verdict.exact, doubt=doubt)


def _example(probes: list[Probe]) -> tuple[Any, ...]:
    """Random numbers rather than ones: ones make a branch like `x.sum() > 0` look certain."""
    return next((probe for probe in probes if probe.name == "random-1"), probes[0]).tensors


def _save_and_judge(name: str, exported: Exported, job: Job) -> Verdict:
    path = job.request.output / artifact.NAME
    text = job.signature.as_text(model=job.request.label, method=name, torch_version=torch.__version__)
    try:
        artifact.save(exported.module, path, {**job.extra, EXTRA_FILE: text})
    except Problem:
        raise
    except Exception as error:
        raise NotExportableError(f"it cannot be saved: {compiler_said(error)}") from error
    foreign = foreign_operators(path)
    if foreign:
        return Verdict(f"it calls {', '.join(foreign)}, which LibTorch does not have")
    return judge(path, name, job.probes, job.request.tolerance)


def _with_place(exported: Exported, verdict: Verdict) -> str:
    if not exported.frozen or verdict.reason.startswith("it calls"):
        return verdict.reason
    first = exported.frozen[0]
    return f"it froze {first.what} ({first.place}); {verdict.reason}"


def notes_of(tried: list[Candidate]) -> list[str]:
    """`scripted: tracing froze a branch (model.py:12: if x.sum() > 0:); results differ on input 'negative': ...`."""
    chosen = tried[-1]
    notes = [f"{_PAST[chosen.method]}: {_sentence(other)}" for other in tried[:-1]]
    if chosen.doubt:
        words = f"torch says that it froze {chosen.doubt}; no input that was tried shows it, another may"
        notes.append(f"{_PAST[chosen.method]}, although {words}")
    return notes


def _sentence(candidate: Candidate) -> str:
    if candidate.doubt:
        return f"{_GERUND[candidate.method]} froze {candidate.doubt}, though no input that was tried shows it"
    verb = candidate.reason.partition(" ")[2] if candidate.reason.startswith("it ") else ""
    if verb.startswith(("raises", "calls")):
        return f"the {candidate.method} {verb}"
    return f"{_GERUND[candidate.method]} {verb or f'lost something: {candidate.reason}'}"


def _outcome(tried: list[Candidate]) -> str:
    unmade = all(other.reason.startswith(("it failed", "it cannot")) for other in tried)
    return "cannot be exported" if unmade else "has no export that computes what Python computes"


def _none_is_faithful(job: Job, tried: list[Candidate]) -> Problem:
    found = "; ".join(f"{other.method}: {other.reason}" for other in tried)
    forced = job.request.method != "auto"
    other_way = " --method auto tries the other ways too;" if forced else ""
    return Problem(
        "unfaithful", f"{job.request.label} {_outcome(tried)}. {found}", f"{other_way} {_way_out(found)}".strip()
    )


def _way_out(found: str) -> str:
    if "cannot infer type" in found:
        return "let forward return a tuple of tensors, or a dict whose values are all tensors"
    return "write the branch with torch.where or make the source acceptable to torch.jit.script"
