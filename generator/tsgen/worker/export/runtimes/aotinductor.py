"""A program of torch.export that is faithful, and the C++ that Inductor makes of it."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import torch

from ...aotinductor import inductor, library, lifted, program, refusals, sources, wrapper
from ...artifact import model_file, signature
from ...artifact.signature import Facts, text_of
from ...candidates.exported import Exported
from ...candidates.subject import Subject
from ...checks import faithful
from ...host.files import cannot_write
from ...messages import Problem, Writes
from ...probes import sequence
from ...progress import progress
from ...reasons import Reason, Requirement
from ..attempt import Candidate
from ..choose import Choice

if TYPE_CHECKING:
    from pathlib import Path

    from ...aotinductor.lifted import Lifted
    from ...aotinductor.program import Program, Range
    from ...aotinductor.wrapper import Wrapped
    from ...messages import Signature
    from ...reasons import RequirementKind
    from ...reference.eager import Probe
    from ..attempt import Job

METHODS = {"export": False, "strict-export": True}
"""By name: whether torch.export reads Python's bytecode, or runs forward as it is."""
CODE, WEIGHTS, SIGNATURE, LIBRARY = "model.cpp", "weights.bin", "signature.tsgen", "model.so"
_LEAST = 2
"""Of a dynamic dimension in the example: torch takes a size of 0 or 1 for one that never changes."""
_FIXED = Reason("shape", "torch.export fails with it")
_UNCARRIED = Reason("interface", "AOTInductor's program takes tensors alone, in one arrangement")
_FORWARD_ALONE = Reason(
    "interface", "AOTInductor's program is forward alone; a stream begins anew where the model is loaded anew"
)
_NEVER: dict[RequirementKind, Reason] = {"method": _FORWARD_ALONE}


def choose(job: Job) -> Choice:
    """Raises Problem."""
    refusals.refuse(job.request, job.model, job.signature, job.settings)
    with inductor.place(job.request.output) as place:
        return _chosen(job, place)


def _chosen(job: Job, place: Path) -> Choice:
    tried: list[Candidate] = []
    unmet = {one: _NEVER.get(one.kind, _UNCARRIED) for one in _requirements(job) if one.kind != "size"}
    while True:
        reduced, blamed = _without(job, unmet), dict[str, Reason]()
        taken_out = lifted.lifted(reduced.model, reduced.forward, sequence=job.sequence)
        for name, strict in METHODS.items():
            progress(name)
            candidate, made = _attempt(reduced, taken_out, name, blamed, strict=strict)
            if made:
                chosen = replace(candidate, unmet=unmet)
                _write(job, chosen, made, place)
                probes = _inside(reduced, made)
                probes = probes if job.sequence else _with_cases(probes)
                return Choice(chosen, tried, replace(reduced, probes=probes), inexact=True)
            tried.append(candidate)
        less = _less(job, unmet, blamed)
        if not less:
            raise _none(job, tried)
        unmet.update(less)


def _without(job: Job, unmet: dict[Requirement, Reason]) -> Job:
    """The calls of a sequence are made anew: each depends on those before it."""
    reduced = job.without(unmet)
    if not job.sequence or len(reduced.probes) == len(job.probes):
        return reduced
    return replace(reduced, probes=sequence.again(job.model, reduced.probes))


def _requirements(job: Job) -> list[Requirement]:
    wanted = [probe.requirement for probe in job.probes if probe.requirement]
    return list(dict.fromkeys([*wanted, *(Requirement("method", name) for name in job.methods)]))


def _less(job: Job, unmet: dict[Requirement, Reason], blamed: dict[str, Reason]) -> dict[Requirement, Reason]:
    """What nobody asked for and may be given up: the dimensions that torch blames, or else all."""
    asked = {
        name for probe in job.probes if not (probe.requirement or probe.extrapolated) for name in _varied(job, probe)
    }
    free = [one for one in _requirements(job) if one not in unmet and one.name not in asked]
    named = [one for one in free if one.name in blamed]
    return {one: blamed.get(one.name, _FIXED) for one in named or free}


def _varied(job: Job, probe: Probe) -> set[str]:
    return {name for name, size in probe.sizes.items() if size != job.probes[0].sizes.get(name)}


def _none(job: Job, tried: list[Candidate]) -> Problem:
    reasons = dict.fromkeys(f"{each.method}: {each.reason.sentence}" for each in tried if each.reason)
    return Problem(
        "unfaithful", f"{job.request.label} has no program for AOTInductor. {'; '.join(reasons)}", inductor.HINT
    )


def _attempt(
    job: Job, taken_out: Lifted, name: str, blamed: dict[str, Reason], *, strict: bool
) -> tuple[Candidate, Program | None]:
    """The program of a faithful one. `blamed` gets the dimensions that stand in the way."""
    described = job.signature
    constants = frozenset(_places_of_constants(job, described))
    try:
        wrapped = wrapper.wrapped(Subject(job.model, _example(job).call, constants), taken_out)
        made = program.made(wrapped, _shapes(wrapped, described), strict=strict)
    except program.ExportError as error:
        blamed.update(dict.fromkeys(error.dims - blamed.keys(), error.reason))
        return Candidate(name, error.reason), None
    refusals.refuse_program(job.request.label, made)
    job = replace(job, probes=_inside(job, made))
    verdict = _judged(job, name, wrapped, made, constants)
    blamed.update({one.name: why for one, why in verdict.unmet.items() if one.name not in blamed})
    if why := verdict.reason or next(iter(verdict.unmet.values()), None):
        return Candidate(name, why), None
    if wrapped.fixed:
        described = signature.infer(job.forward, job.model, without=frozenset(wrapped.fixed))
    described = replace(described, writes=Writes(taken_out.names, made.changes))
    facts = Facts(job.request.portable_label, name, str(torch.__version__), flat=True, sequence=job.sequence)
    told = taken_out.told + tuple(
        f"the dimension {dim} is {_words(limits)} in the export" for dim, limits in made.ranges.items()
    )
    return Candidate(name, told=told, fixed=wrapped.fixed, described=described, facts=facts), made


def _words(limits: Range) -> str:
    least, most = limits
    return f"at least {least}" + ("" if most is None else f" and at most {most}")


def _judged(job: Job, name: str, wrapped: Wrapped, made: Program, constants: frozenset[str]) -> faithful.Verdict:
    """By running the program in Python; what is compiled of it, the runner runs."""
    module = made.exported.module()
    running = lifted.Stream(module, made.held) if made.held else module
    exported = Exported(running, flat=True, takes=wrapped.takes, fixed=wrapped.fixed)
    criteria = faithful.Criteria(job.probes, job.request.tolerance, constants, sequence=job.sequence)
    return faithful.judged(exported, name, criteria)


def _inside(job: Job, made: Program) -> list[Probe]:
    """The probes whose sizes the program takes: for others it is not asked, in C++ neither."""
    inside = [
        probe
        for probe in job.probes
        if all(least <= probe.sizes.get(dim, least) <= (most or inf) for dim, (least, most) in made.ranges.items())
    ]
    return sequence.again(job.model, inside) if job.sequence and len(inside) < len(job.probes) else inside


def _example(job: Job) -> Probe:
    """The first whose dynamic dimensions are all large enough. Raises Problem."""
    first = next((probe for probe in job.forward if probe.name == "random-1"), job.forward[0])
    fits = [probe for probe in (first, *job.forward) if min(probe.sizes.values(), default=_LEAST) >= _LEAST]
    if fits:
        return fits[0]
    small = next(name for name, size in first.sizes.items() if size < _LEAST)
    raise Problem(
        "bad_input",
        f"the example has {first.sizes[small]} for the dimension {small}, which torch.export takes for a fixed one",
        f"give it another example size: {small}@2 in the place of {small} in --input",
    )


def _shapes(wrapped: Wrapped, described: Signature) -> list[tuple[int | str, ...]]:
    """Of what is held too, which has one size for ever."""
    known = {node.name: node.shape for node in described.inputs}
    return [*(tuple(one.tensor.shape) for one in wrapped.held), *(known[name] or () for name in wrapped.takes)]


def _places_of_constants(job: Job, described: Signature) -> list[str]:
    names = {node.name for node in described.outputs if node.kind == "constant"}
    return [leaf.place for probe in job.probes for leaf in probe.expected if leaf.name in names]


def _with_cases(probes: list[Probe]) -> list[Probe]:
    """One more case for each other set of sizes: only what is compiled can show that it takes them."""
    seen = [probe.sizes for probe in probes if probe.case]
    found = []
    for probe in probes:
        another = not probe.extrapolated and probe.sizes not in seen
        seen += [probe.sizes] if another else []
        found.append(replace(probe, case=probe.case or another))
    return found


def _write(job: Job, chosen: Candidate, program_made: Program, place: Path) -> None:
    folder = job.request.output
    (folder / model_file.NAME).unlink(missing_ok=True)
    if chosen.described is None or chosen.facts is None:
        raise Problem("internal", "the chosen export has no signature")
    text = _text(chosen.described, chosen.facts, program_made)
    form = _as_library if job.request.packaged else _as_sources
    progress("compile" if job.request.packaged else "write C++")
    content = form(job, program_made, text, place)
    try:
        for name, data in content.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _as_sources(job: Job, program_made: Program, text: str, place: Path) -> dict[str, bytes]:
    made = sources.made(program_made, job.request.label, place)
    return {CODE: made.code.encode("utf-8"), WEIGHTS: made.weights, SIGNATURE: text.encode("utf-8")}


def _as_library(job: Job, program_made: Program, text: str, place: Path) -> dict[str, bytes]:
    return {LIBRARY: library.made(program_made, job.request.label, lambda needs: text + needs, place)}


def _text(described: Signature, facts: Facts, made: Program) -> str:
    ranges = (f"range\t{dim}\t{least}\t{'' if most is None else most}\n" for dim, (least, most) in made.ranges.items())
    held = (f"{line}\n" for line in lifted.lines(made.held))
    return text_of(described, facts) + "".join((*ranges, *held))
