"""The best method whose saved file is faithful, or why none is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .. import hints
from ..artifact import model_file
from ..artifact.signature import FORWARD
from ..candidates import methods_for
from ..candidates.subject import Subject
from ..messages import Problem
from ..progress import progress
from ..reasons import Reason, Refusal
from .attempt import Candidate, attempt

if TYPE_CHECKING:
    from ..candidates import Method
    from ..reasons import Requirement, RequirementKind
    from ..reference.eager import Probe
    from ..state.kept import Kept
    from ..values.flatten import Leaf
    from .attempt import Job

_GERUND = {
    "trace": "tracing", "script": "scripting", "flat": "tracing with flat values", "mixed": "mixing both",
    "export": "torch.export", "strict-export": "strict torch.export",
}  # fmt: skip
_PAST = {
    "trace": "traced", "script": "scripted", "torchscript": "kept", "flat": "traced with flat values",
    "mixed": "traced and scripted in parts", "export": "exported", "strict-export": "exported strictly",
}  # fmt: skip
ROUNDS = 8
NAMED = 3
"""How many of what forward writes are named in a note."""
_FROZEN: dict[RequirementKind, str] = {
    "size": "the dimension {}", "list": "the length of {}", "optional": "the presence of {}", "number": "the number {}",
    "method": "forward alone, without the method {}",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The chosen candidate, whose file lies in the output folder, and all that were tried before it was settled."""

    chosen: Candidate
    others: list[Candidate]
    job: Job
    """What it is right on; requirements that it does not carry are gone."""
    inexact: bool = False
    """What runs it computes in another order than eager Python, whose noise floor goes along for that."""

    def travelling(self, probe: Probe, method: str = "") -> list[Leaf]:
        """The outputs that are no constants."""
        described = self.chosen.described
        signature = described and (described.methods[method] if method else described)
        nodes = signature.outputs if signature else ()
        constants = {node.name for node in nodes if node.kind == "constant"}
        return [leaf for leaf in probe.expected if leaf.name not in constants]


def choose(job: Job) -> Choice:
    """Raises Problem(unfaithful).

    One that carries every requirement and of which torch does not say that it froze something ends the search; else
    the one that lacks least is taken.
    """
    subject = Subject(job.model, job.probes[0].call, sequence=job.sequence, in_place=job.in_place)
    methods = methods_for(subject, job.request.method)
    tried: list[Candidate] = []
    for name, method in methods:
        progress(name)
        tried.append(_attempt(job, name, method))
        job = job.with_further(tried[-1])
        if tried[-1].faithful and not tried[-1].silent_specialization and not tried[-1].unmet:
            return Choice(tried[-1], tried[:-1], job)
    best = min(range(len(tried)), key=lambda index: _rank(tried[index], index))
    if not tried[best].faithful:
        (job.request.output / model_file.NAME).unlink(missing_ok=True)
        raise _none_is_faithful(job, tried)
    others = tried[:best] + tried[best + 1 :]
    return _settled(job, methods[best], tried[best], others)


def _attempt(job: Job, name: str, method: Method) -> Candidate:
    ended = job.request.without.get(name)
    if ended is None:
        return attempt(job, name, method)
    return Candidate(name, Reason("died", ended, stage="unmade", speaker="making"))


def _settled(job: Job, method: tuple[str, Method], best: Candidate, others: list[Candidate]) -> Choice:
    """Without the requirements that it does not carry; those that a later candidate brought up may show only here."""
    unmet, settled = dict(best.unmet), best
    for _ in range(ROUNDS):
        reduced = job.without(unmet)
        settled = attempt(reduced, *method)
        if not settled.faithful:
            break
        if not settled.unmet:
            return Choice(_with_wishes(settled, unmet), others, reduced)
        unmet.update(settled.unmet)
    raise _none_is_faithful(job, [*others, settled])


def _rank(candidate: Candidate, index: int) -> tuple[bool, int, bool, int]:
    return not candidate.faithful, len(candidate.unmet), bool(candidate.silent_specialization), index


def _with_wishes(candidate: Candidate, unmet: dict[Requirement, Reason]) -> Candidate:
    return replace(candidate, unmet=unmet)


def notes_of(choice: Choice) -> list[str]:
    """`scripted: tracing froze a branch (model.py:12: if x.sum() > 0:); results differ on input 'negative': ...`."""
    chosen = choice.chosen
    past = _PAST[chosen.method]
    lost = [other for other in choice.others if _lost(other, chosen)]
    notes = [f"{past}: {_sentence(other)}" for other in lost if _says_something(other, chosen)]
    if chosen.silent_specialization:
        says = "torch says that it" if chosen.silent_specialization.by_torch else "it"
        notes.append(f"{past}, although {says} {chosen.silent_specialization.text}")
    notes += chosen.told
    notes += [
        _restriction(requirement, why) for requirement, why in chosen.unmet.items() if requirement.kind != "number"
    ]
    notes += [f"{path} is fixed to {value!r}: it cannot change in the export" for path, value in chosen.fixed.items()]
    return notes + _notes_of_writes(chosen, choice.job.kept)


def _notes_of_writes(chosen: Candidate, kept: Kept | None) -> list[str]:
    """What is kept from call to call is told first; the rest is nothing that an answer shows."""
    described = chosen.described
    if described and kept:
        names = [described.writes.state, *(each.writes.state for each in described.methods.values())]
        told = _first(tuple(dict.fromkeys(name for some in names for name in some)))
        words = f"the model keeps state from call to call{f' ({told})' if told else ''}"
        return [f"{words}: its cases are one sequence of calls, and each stream needs a model of its own"]
    entries = {FORWARD: described, **described.methods} if described else {}
    return [
        f"{name} writes {_first(signature.writes.state)}: calls from several threads take turns, and answers are copied"
        for name, signature in entries.items()
        if signature.writes.state
    ]


def _first(names: tuple[str, ...]) -> str:
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*(f"`{name}`" for name in names[:NAMED]), *more])


def _lost(other: Candidate, chosen: Candidate) -> bool:
    return (
        not other.faithful
        or bool(other.unmet)
        or bool(other.silent_specialization and not chosen.silent_specialization)
    )


def _says_something(other: Candidate, chosen: Candidate) -> bool:
    """Why the plain ways lost; the rest is for -v."""
    lacks_more = not other.faithful or not chosen.unmet
    unfit = other.reason is not None and other.reason.stage == "unfit"
    plain = other.method in ("trace", "script") or (other.reason is not None and other.reason.kind == "died")
    return not unfit and plain and other.method != chosen.method and lacks_more


_RESTRICTIONS: dict[RequirementKind, str] = {
    "size": "the dimension {} is fixed to the example's size, although the model takes others",
    "list": "{} takes exactly as many elements as in the example, although the model takes others",
    "optional": "{} cannot be left out, although the model can do without it",
    "method": "the method {} is not in the export",
    "number": "{} is fixed to the example's number, although the model takes others",
}


def _restriction(requirement: Requirement, why: Reason) -> str:
    return f"{_RESTRICTIONS[requirement.kind].format(requirement.name)}: {why.sentence}"


def _sentence(candidate: Candidate) -> str:
    gerund = _GERUND[candidate.method]
    if candidate.silent_specialization:
        return f"{gerund} {candidate.silent_specialization.text}"
    if candidate.reason is None:
        requirement, why = next(iter(candidate.unmet.items()))
        return f"{gerund} froze {_FROZEN[requirement.kind].format(requirement.name)}; {why.sentence}"
    if candidate.reason.speaker == "export":
        return f"the {candidate.method} {candidate.reason.text}"
    lost = "" if candidate.reason.speaker == "making" else "lost something: "
    return f"{gerund} {lost}{candidate.reason.text}"


def _none_is_faithful(job: Job, tried: list[Candidate]) -> Problem:
    reasons = [(other.method, other.reason or next(iter(other.unmet.values()), None)) for other in tried]
    told = tuple((method, reason) for method, reason in reasons if reason)
    kept = job.kept.told() if job.kept else ""
    refusal = Refusal(job.request.label, told, forced=job.request.method != "auto", kept=kept)
    return Problem("unfaithful", refusal.text, hints.of(refusal))
