"""The best method whose saved file is faithful, or why none is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import artifact
from .candidate import Candidate, attempt
from .candidates import methods_for
from .candidates.subject import Subject
from .progress import progress
from .protocol import Problem

if TYPE_CHECKING:
    from .candidate import Job
    from .candidates import Method
    from .eager import Probe
    from .flatten import Leaf

_GERUND = {"trace": "tracing", "script": "scripting", "flat": "tracing with flat values", "mixed": "mixing both"}
_PAST = {
    "trace": "traced", "script": "scripted", "torchscript": "kept", "flat": "traced with flat values",
    "mixed": "traced and scripted in parts",
}  # fmt: skip
ROUNDS = 3
_FROZEN = {
    "size": "the dimension {}", "list": "the length of {}", "optional": "the presence of {}", "number": "the number {}",
    "method": "forward alone, without the method {}",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The chosen candidate, whose file lies in the output folder, and all that were tried before it was settled."""

    chosen: Candidate
    others: list[Candidate]
    job: Job
    """What it is right on; wishes that it does not carry are gone."""

    def travelling(self, probe: Probe, method: str = "") -> list[Leaf]:
        """The outputs that are no constants."""
        described = self.chosen.described
        signature = described and (described.methods[method] if method else described.forward)
        nodes = signature.outputs if signature else ()
        constants = {node.name for node in nodes if node.kind == "constant"}
        return [leaf for leaf in probe.expected if leaf.name not in constants]


def choose(job: Job) -> Choice:
    """Raises Problem(unfaithful).

    One that carries every wish and of which torch does not say that it froze something ends the search; else the one
    that lacks least is taken.
    """
    methods = methods_for(Subject(job.model, job.probes[0].call, sequence=job.sequence), job.request.method)
    tried: list[Candidate] = []
    for name, method in methods:
        progress(name)
        tried.append(attempt(job, name, method))
        job = job.with_further(tried[-1])
        if tried[-1].faithful and not tried[-1].doubt and not tried[-1].wishes:
            return Choice(tried[-1], tried[:-1], job)
    best = min(range(len(tried)), key=lambda index: _rank(tried[index], index))
    if not tried[best].faithful:
        (job.request.output / artifact.NAME).unlink(missing_ok=True)
        raise _none_is_faithful(job, tried)
    others = tried[:best] + tried[best + 1 :]
    return _settled(job, methods[best], tried[best], others)


def _settled(job: Job, method: tuple[str, Method], best: Candidate, others: list[Candidate]) -> Choice:
    """Without the wishes that it does not carry; those that a later candidate brought up may show only here."""
    wishes, settled = dict(best.wishes), best
    for _ in range(ROUNDS):
        reduced = job.without(wishes)
        settled = attempt(reduced, *method)
        if not settled.faithful:
            break
        if not settled.wishes:
            return Choice(_with_wishes(settled, wishes), others, reduced)
        wishes.update(settled.wishes)
    raise _none_is_faithful(job, [*others, settled])


def _rank(candidate: Candidate, index: int) -> tuple[bool, int, bool, int]:
    return not candidate.faithful, len(candidate.wishes), bool(candidate.doubt), index


def _with_wishes(candidate: Candidate, wishes: dict[str, str]) -> Candidate:
    return Candidate(**{**vars(candidate), "wishes": wishes})


def notes_of(choice: Choice) -> list[str]:
    """`scripted: tracing froze a branch (model.py:12: if x.sum() > 0:); results differ on input 'negative': ...`."""
    chosen = choice.chosen
    past = _PAST[chosen.method]
    lost = [other for other in choice.others if _lost(other, chosen)]
    notes = [f"{past}: {_sentence(other)}" for other in lost if _says_something(other, chosen)]
    if chosen.doubt:
        says = "torch says that it" if chosen.by_torch else "it"
        notes.append(f"{past}, although {says} {chosen.doubt}")
    notes += [_restriction(wish, words) for wish, words in chosen.wishes.items() if not wish.startswith("number ")]
    notes += [f"{path} is fixed to {value!r}: it cannot change in the export" for path, value in chosen.fixed.items()]
    return notes


def _lost(other: Candidate, chosen: Candidate) -> bool:
    return not other.faithful or bool(other.wishes) or bool(other.doubt and not chosen.doubt)


def _says_something(other: Candidate, chosen: Candidate) -> bool:
    """Why the plain ways lost; the rest is for -v."""
    lacks_more = not other.faithful or not chosen.wishes
    unmade = other.reason.startswith(_UNMADE)
    return not unmade and other.method in ("trace", "script") and other.method != chosen.method and lacks_more


def _restriction(wish: str, words: str) -> str:
    kind, _, name = wish.partition(" ")
    what = {
        "size": f"the dimension {name} is fixed to the example's size",
        "list": f"{name} takes exactly as many elements as in the example",
        "optional": f"{name} cannot be left out",
        "method": f"the method {name} is not in the export",
    }[kind]
    more = "the model can do without it" if kind == "optional" else "the model takes others"
    return f"{what}, although {more}: {words}"


def _sentence(candidate: Candidate) -> str:
    if candidate.doubt:
        return f"{_GERUND[candidate.method]} {candidate.doubt}"
    if candidate.wishes:
        wish, words = next(iter(candidate.wishes.items()))
        kind, _, name = wish.partition(" ")
        return f"{_GERUND[candidate.method]} froze {_FROZEN[kind].format(name)}; {words}"
    verb = candidate.reason.partition(" ")[2] if candidate.reason.startswith("it ") else ""
    if verb.startswith(("raises", "calls", "cannot", "would", "takes")):
        return f"the {candidate.method} {verb}"
    return f"{_GERUND[candidate.method]} {verb or f'lost something: {candidate.reason}'}"


_UNMADE = ("it has no part", "it takes no", "it cannot be compiled, and all its parts")
"""Reasons of a method that does not apply."""


def _outcome(tried: list[Candidate]) -> str:
    unmade = all(other.reason.startswith(("it failed", "it cannot", *_UNMADE)) for other in tried)
    return "cannot be exported" if unmade else "has no export that computes what Python computes"


def _none_is_faithful(job: Job, tried: list[Candidate]) -> Problem:
    telling = [other for other in tried if not other.reason.startswith(_UNMADE)] or tried
    at_the_output = any("at the output" in other.reason for other in tried)
    found = "; ".join(f"{other.method}: {other.reason}" for other in telling)
    forced = job.request.method != "auto"
    other_way = " --method auto tries the other ways too;" if forced else ""
    return Problem(
        "unfaithful",
        f"{job.request.label} {_outcome(tried)}. {found}",
        f"{other_way} {_way_out(at_the_output)}".strip(),
    )


def _way_out(at_the_output: bool) -> str:  # noqa: FBT001
    if at_the_output:
        return "let forward return a tuple of tensors, or a dict whose values are all tensors"
    return "write the branch with torch.where or make the source acceptable to torch.jit.script"
