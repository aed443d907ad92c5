"""Whether the saved file computes what eager Python computes, found out by running it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from . import artifact, eager
from .candidates.exported import Exported
from .compare import difference, is_exact
from .failures import said
from .flatten import Leaf, leaves_in, tree_of
from .progress import progress
from .protocol import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from .eager import Probe
    from .protocol import Tolerance

QUICK = 1.0
"""Seconds that all probes take together in Python: up to that the second round costs nothing that is felt."""


@dataclass
class Verdict:
    """`reason` is empty when the file is faithful; `exact`: bit for bit on every case."""

    reason: str = ""
    exact: bool = True
    wishes: dict[str, str] = field(default_factory=dict)
    """The wishes that it does not carry, and why."""
    select: tuple[int, ...] = ()
    inexact: str = ""
    """The first far size at which the last bits differ."""


@dataclass(frozen=True)
class Court:
    """What an export is judged by. `constants`: the places of outputs that never change and do not travel."""

    probes: list[Probe]
    tolerance: dict[str, Tolerance]
    constants: frozenset[str] = frozenset()
    sequence: bool = False
    methods: dict[str, list[Probe]] = field(default_factory=dict)


def judge(path: Path, method: str, exported: Exported, court: Court) -> Verdict:
    try:
        module = artifact.load(path)
    except Exception as error:  # noqa: BLE001 - torch raises what it likes here
        return Verdict(f"the saved file cannot be loaded: {said(error)}")
    verdict = _judge_entry(module, method, exported, court)
    for name, probes in court.methods.items():
        if not verdict.reason:
            _judge_method(verdict, module, name, Court(probes, court.tolerance))
    return verdict


def _judge_method(verdict: Verdict, module: Any, name: str, court: Court) -> None:
    """A trace has no other method than forward; that is a wish."""
    entry = getattr(module, name, None)
    if entry is None:
        verdict.wishes[f"method {name}"] = f"it has no method {name}"
        return
    found = _judge_entry(entry, name, Exported(entry), court)
    verdict.exact = verdict.exact and found.exact
    missing = found.reason or next(iter(found.wishes.values()), "")
    if missing:
        verdict.wishes[f"method {name}"] = f"method {name}: {missing}"


def _judge_entry(module: Any, method: str, exported: Exported, court: Court) -> Verdict:
    verdict = Verdict(select=_select(module, exported, court))
    for probe in _rounds(court):
        progress(f"check {method}: {probe.name}")
        if probe.wish in verdict.wishes:
            continue
        words, same = _compare(module, exported, probe, court, verdict.select)
        if words and not probe.wish:
            return Verdict(words)
        if words:
            verdict.wishes[probe.wish] = words
        verdict.exact = verdict.exact and (bool(words) or same or not probe.case)
        if probe.far and not words and not same:
            verdict.inexact = verdict.inexact or probe.name
    return verdict


def _rounds(court: Court) -> list[Probe]:
    """The executor profiles the first call and runs its optimised graph from the second on: that one is judged."""
    if court.sequence:
        return court.probes
    far = [probe for probe in court.probes if probe.far]
    probes = [probe for probe in court.probes if not probe.far]
    return _twice(probes) + far


def _twice(probes: list[Probe]) -> list[Probe]:
    return probes + probes if sum(probe.seconds for probe in probes) < QUICK else probes[:1] + probes


def _select(module: Any, exported: Exported, court: Court) -> tuple[int, ...]:
    """A scripted detector answers (losses, detections) where eager Python answers detections alone."""
    if exported.flat or court.sequence:
        return ()
    probe = court.probes[0]
    wanted = [leaf.place for leaf in probe.expected]
    try:
        output = eager.call(module, probe.call)
        if not isinstance(output, tuple) or [leaf.place for leaf in _leaves(output, ())] == wanted:
            return ()
        parts = [[leaf.place for leaf in _leaves(output, (index,))] for index in range(len(output))]
    except Exception:  # noqa: BLE001 - told when it is compared
        return ()
    return (parts.index(wanted),) if parts.count(wanted) == 1 else ()


def _leaves(output: Any, select: tuple[int, ...]) -> list[Leaf]:
    for index in select:
        output = output[index]
    return leaves_in(tree_of(output))


def _compare(module: Any, exported: Exported, probe: Probe, court: Court, select: tuple[int, ...]) -> tuple[str, bool]:
    expected = [leaf for leaf in probe.expected if leaf.place not in court.constants]
    try:
        actual = _answer(module, exported, probe, select, expected)
    except Problem as problem:
        return f"on input '{probe.name}' {problem.message}", False
    except Exception as error:  # noqa: BLE001 - whatever it raises, Python did not
        return f"it raises on input '{probe.name}': {said(error)}", False
    actual = [leaf for leaf in actual if leaf.place not in court.constants]
    words = difference(expected, actual, court.tolerance)
    return (f"results differ on input '{probe.name}': {words}" if words else ""), is_exact(expected, actual)


def _answer(module: Any, exported: Exported, probe: Probe, select: tuple[int, ...], expected: list[Leaf]) -> list[Leaf]:
    if not exported.flat:
        return _leaves(eager.call(module, probe.call), select)
    given = {leaf.name: leaf.tensor.clone() for leaf in leaves_in(probe.inputs)}
    if [name for name in given if name not in exported.fixed] != list(exported.takes):
        missing = [name for name in exported.takes if name not in given]
        words = f"it needs {', '.join(missing)} too" if missing else f"it takes {', '.join(exported.takes)} only"
        raise Problem("unsupported", words)
    if [leaf.value for leaf in leaves_in(probe.inputs) if leaf.name in exported.fixed] != list(exported.fixed.values()):
        raise Problem("unsupported", f"it has {', '.join(exported.fixed)} fixed")
    with torch.no_grad():
        output = module(*(given[name] for name in exported.takes))
    actual = leaves_in(tree_of(output))
    if len(actual) != len(expected):
        raise Problem("unsupported", f"it returns {len(actual)} outputs, Python {len(expected)}")
    return [Leaf(ours.name, ours.place, theirs.tensor) for ours, theirs in zip(expected, actual)]
