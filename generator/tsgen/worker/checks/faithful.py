"""Whether the saved file computes what eager Python computes, found out by running it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import torch

from ..artifact import model_file
from ..artifact.signature import FORWARD
from ..candidates.exported import Exported
from ..messages import Problem
from ..progress import progress
from ..reasons import Reason, Requirement
from ..reference import eager
from ..users_code.failures import format_error
from ..users_code.torch_messages import why_raised
from ..values.compare import difference, is_exact
from ..values.flatten import Leaf, leaves_in, tree_of
from ..writes import reported
from ..writes.static import Arguments, written_by
from ..writes.watch import Watch
from . import tune
from .executor import Runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..aliases import ScriptModule, Value
    from ..messages import Signature, Tolerance, Writes
    from ..reasons import Difference, DifferenceKind, ReasonKind
    from ..reference.eager import Probe

QUICK = 0.2
"""Seconds that all probes take together in Python: up to that a whole second round costs nothing that is felt."""


@dataclass(frozen=True)
class Verdict:
    """`reason` is None when the file is faithful; `exact`: bit for bit on every case."""

    reason: Reason | None = None
    exact: bool = True
    unmet: dict[Requirement, Reason] = field(default_factory=dict)
    """The requirements that it does not carry, and why."""
    select: tuple[int, ...] = ()
    inexact: str = ""
    """The first far size at which the last bits differ."""
    writes: dict[str, Writes] = field(default_factory=dict)
    """By method, forward included; empty when it is not faithful."""


@dataclass(frozen=True)
class Criteria:
    """What an export is judged by. `constants`: the places of outputs that never change and do not travel."""

    probes: list[Probe]
    tolerance: dict[str, Tolerance]
    constants: frozenset[str] = frozenset()
    sequence: bool = False
    methods: dict[str, list[Probe]] = field(default_factory=dict)
    described: Signature | None = None
    foreign: bool = False
    """It calls operators that are not torch's."""
    tune: str = ""
    """What is done to the file when it is loaded."""


def check(path: Path, method: str, exported: Exported, criteria: Criteria) -> Verdict:
    try:
        written = model_file.load(path)
        module = tune.loaded(path, written, criteria.tune, criteria.methods)
    except Exception as error:  # noqa: BLE001 - torch raises what it likes here
        return Verdict(Reason("not_stored", f"the saved file cannot be loaded: {format_error(error)}"))
    watch = Watch(module, by_value=criteria.foreign)
    verdict = _judge_entry(module, method, exported, criteria, watch)
    if criteria.described and not verdict.reason:
        found = _writes(written, FORWARD, exported, criteria.described, watch)
        verdict = replace(verdict, writes={FORWARD: found})
    if criteria.sequence and criteria.described and not verdict.reason:
        return _with_writes(verdict, written, criteria.described, watch)
    for name, probes in criteria.methods.items():
        if not verdict.reason:
            ruling = replace(criteria, probes=probes, constants=frozenset(), sequence=False)
            verdict = _with_method(verdict, module, name, ruling, exported)
    return verdict


def judged(exported: Exported, method: str, criteria: Criteria) -> Verdict:
    """What is no file of TorchScript's, by the same probes."""
    watch = Watch(exported.module, by_value=False)
    return _judge_entry(exported.module, method, exported, criteria, watch)


def _writes(module: ScriptModule, name: str, exported: Exported, signature: Signature, watch: Watch) -> Writes:
    arguments = Arguments(signature.inputs, exported.takes)
    state, inputs = written_by(module, name, arguments)
    inputs |= {arguments.leaf_at(path) for path in watch.inputs}
    own = [path.removeprefix(f"{exported.model}.") for path in state | watch.state()]
    return reported.of(own, inputs, arguments.leaves)


def _with_writes(verdict: Verdict, module: ScriptModule, signature: Signature, watch: Watch) -> Verdict:
    """Of the methods that stand among the calls of a sequence, and were judged there."""
    entries = {name: getattr(module, name, None) for name in signature.methods}
    found = {
        name: _writes(module, name, Exported(entry), signature.methods[name], watch)
        for name, entry in entries.items()
        if entry is not None
    }
    return replace(verdict, writes={**verdict.writes, **found})


def _with_method(verdict: Verdict, module: ScriptModule, name: str, criteria: Criteria, exported: Exported) -> Verdict:
    """A trace has no other method than forward; that is a requirement it does not carry."""
    entry = getattr(module, name, None)
    if entry is None:
        lacks = Reason("interface", exported.lacks(name), speaker="export")
        return replace(verdict, unmet={**verdict.unmet, Requirement("method", name): lacks})
    watch = Watch(module, by_value=criteria.foreign)
    found = _judge_entry(entry, name, Exported(entry), criteria, watch)
    verdict = replace(verdict, exact=verdict.exact and found.exact)
    missing = found.reason or next(iter(found.unmet.values()), None)
    if missing:
        reason = replace(missing, text=f"method {name}: {missing.sentence}", speaker="nobody")
        return replace(verdict, unmet={**verdict.unmet, Requirement("method", name): reason})
    if criteria.described is None:
        return verdict
    written = _writes(module, name, Exported(entry), criteria.described.methods[name], watch)
    return replace(verdict, writes={**verdict.writes, name: written})


def _judge_entry(module: ScriptModule, method: str, exported: Exported, criteria: Criteria, watch: Watch) -> Verdict:
    runs = Runs(module)
    select, first = _first_answer(module, exported, criteria, watch, runs)
    lacking: dict[Requirement, Reason] = {}
    exact, inexact = True, ""
    for probe in _rounds(criteria, runs):
        progress(f"check {method}: {probe.name}")
        if probe.requirement in lacking or _varies_lost(probe, criteria.probes[0], lacking):
            continue
        reason, same = _compared(probe, criteria, first) if first is not None else (None, False)
        if not same:  # nor is what the first call gave, which may be by another graph than the one that is judged
            reason, same = _compare(module, exported, probe, criteria, select, watch)
        first = None
        runs.ran()
        if reason and probe.requirement is None:
            return Verdict(reason)
        if reason and probe.requirement:
            lacking[probe.requirement] = reason
            if criteria.sequence:
                break  # what comes after it depends on it
        exact = exact and (bool(reason) or same or not probe.case)
        if probe.extrapolated and not reason and not same:
            inexact = inexact or probe.name
    return Verdict(None, exact, lacking, select, inexact)


def _varies_lost(probe: Probe, first: Probe, lacking: dict[Requirement, Reason]) -> bool:
    """Whether it also changes a size that alone is not carried: what fails there is no other dimension's fault."""
    lost = [one.name for one in lacking if one.kind == "size"]
    return probe.requirement is not None and any(probe.sizes.get(name) != first.sizes.get(name) for name in lost)


def _rounds(criteria: Criteria, runs: Runs) -> Iterator[Probe]:
    """The executor profiles the first call and runs its optimised graph from the second on: that one is judged.

    Where both are seen to do the same, what was called once is not called again.
    """
    if criteria.sequence:
        yield from criteria.probes
        return
    probes = [probe for probe in criteria.probes if not probe.extrapolated]
    yield from probes
    if sum(probe.seconds for probe in probes) < QUICK:
        yield from probes
    elif not runs.are_alike():
        yield from probes[:1] + _of_other_forms(probes)
    yield from (probe for probe in criteria.probes if probe.extrapolated)


def _of_other_forms(probes: list[Probe]) -> list[Probe]:
    """What does not fit the optimised graph is profiled again; values alone always fit."""
    first = {_form(probe): probe for probe in reversed(probes)}
    return [probe for form, probe in first.items() if form != _form(probes[0])]


def _form(probe: Probe) -> tuple[object, ...]:
    return tuple((leaf.name, leaf.kind, leaf.dtype, leaf.shape) for leaf in leaves_in(probe.inputs))


def _first_answer(
    module: ScriptModule, exported: Exported, criteria: Criteria, watch: Watch, runs: Runs
) -> tuple[tuple[int, ...], list[Leaf] | None]:
    """Where in what forward returns the answer lies, and that to the first probe; None where it is not called yet."""
    if exported.flat or criteria.sequence:
        return (), None
    probe = criteria.probes[0]
    passed = eager.copied(probe.call)
    try:
        output = eager.call_on(module, passed)
        runs.ran()
        select = _selected(output, [leaf.place for leaf in probe.expected])
        answer = _leaves(output, select)
    except Exception:  # noqa: BLE001 - told when it is compared
        return (), None
    watch.saw(probe.call, passed)
    return select, answer


def _selected(output: Value, wanted: list[str]) -> tuple[int, ...]:
    """A scripted detector answers (losses, detections) where eager Python answers detections alone."""
    if not isinstance(output, tuple) or [leaf.place for leaf in _leaves(output, ())] == wanted:
        return ()
    parts = [[leaf.place for leaf in _leaves(output, (index,))] for index in range(len(output))]
    return (parts.index(wanted),) if parts.count(wanted) == 1 else ()


def _leaves(output: Value, select: tuple[int, ...]) -> list[Leaf]:
    for index in select:
        output = output[index]
    return leaves_in(tree_of(output))


def _compare(
    module: ScriptModule, exported: Exported, probe: Probe, criteria: Criteria, select: tuple[int, ...], watch: Watch
) -> tuple[Reason | None, bool]:
    if probe.method and not hasattr(module, probe.method):
        return Reason("interface", exported.lacks(probe.method), speaker="export"), False
    expected = _travelling(probe.expected, criteria)
    try:
        actual = _answer(module, exported, probe, select, expected, watch)
    except Problem as problem:
        return Reason("interface", f"on input '{probe.name}' {problem.message}"), False
    except Exception as error:  # noqa: BLE001 - whatever it raises, Python did not
        return Reason(
            why_raised(error), f"raises on input '{probe.name}': {format_error(error)}", speaker="export"
        ), False
    return _compared(probe, criteria, actual)


def _compared(probe: Probe, criteria: Criteria, answer: list[Leaf]) -> tuple[Reason | None, bool]:
    expected, actual = (_travelling(leaves, criteria) for leaves in (probe.expected, answer))
    found = difference(expected, actual, criteria.tolerance)
    return _differs(probe, found) if found else None, is_exact(expected, actual)


def _travelling(leaves: list[Leaf], criteria: Criteria) -> list[Leaf]:
    return [leaf for leaf in leaves if leaf.place not in criteria.constants]


_DIFFERS: dict[DifferenceKind, ReasonKind] = {"shape": "shape", "places": "interface", "count": "interface"}


def _differs(probe: Probe, found: Difference) -> Reason:
    return Reason(_DIFFERS.get(found.kind, "differs"), f"results differ on input '{probe.name}': {found.told()}")


def _answer(
    module: ScriptModule, exported: Exported, probe: Probe, select: tuple[int, ...], expected: list[Leaf], watch: Watch
) -> list[Leaf]:
    if not exported.flat or probe.method:
        passed = eager.copied(probe.call)
        output = eager.call_on(getattr(module, probe.method) if probe.method else module, passed)
        watch.saw(probe.call, passed)
        return _leaves(output, () if probe.method else select)
    given = {leaf.name: leaf.tensor.clone() for leaf in leaves_in(probe.inputs)}
    if [name for name in given if name not in exported.fixed] != list(exported.takes):
        missing = [name for name in exported.takes if name not in given]
        words = f"it needs {', '.join(missing)} too" if missing else f"it takes {', '.join(exported.takes)} only"
        raise Problem("unsupported", words)
    if [leaf.value for leaf in leaves_in(probe.inputs) if leaf.name in exported.fixed] != list(exported.fixed.values()):
        raise Problem("unsupported", f"it has {', '.join(exported.fixed)} fixed")
    with torch.no_grad():
        output = module(*(given[name] for name in exported.takes))
    watch.saw({leaf.name: leaf.tensor for leaf in leaves_in(probe.inputs)}, given)
    actual = leaves_in(tree_of(output))
    if len(actual) != len(expected):
        raise Problem("unsupported", f"it returns {len(actual)} outputs, Python {len(expected)}")
    return [Leaf(ours.name, ours.place, theirs.tensor) for ours, theirs in zip(expected, actual)]
