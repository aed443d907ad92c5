"""Whether the saved file computes what eager Python computes, found out by running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import artifact
from .compare import difference, is_exact
from .eager import Probe, call
from .failures import said
from .flatten import leaves_of
from .progress import progress
from .protocol import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from .protocol import Tolerance

QUICK = 1.0
"""Seconds that all probes take together in Python: up to that the second round costs nothing that is felt."""


@dataclass(frozen=True)
class Verdict:
    """`reason` is empty when the file is faithful; `exact`: bit for bit on every case."""

    reason: str
    exact: bool = False


def judge(path: Path, method: str, probes: list[Probe], tolerance: dict[str, Tolerance]) -> Verdict:
    try:
        module = artifact.load(path)
    except Exception as error:  # noqa: BLE001 - torch raises what it likes here
        return Verdict(f"the saved file cannot be loaded: {said(error)}")
    exact = True
    for probe in _rounds(probes):
        progress(f"check {method}: {probe.name}")
        words, same = _compare(module, probe, tolerance)
        if words:
            return Verdict(words)
        exact = exact and (same or not probe.case)
    return Verdict("", exact)


def _rounds(probes: list[Probe]) -> list[Probe]:
    """The executor profiles the first call and runs its optimised graph from the second on: that one is judged."""
    if sum(probe.seconds for probe in probes) < QUICK:
        return probes + probes
    return probes[:1] + probes


def _compare(module: Any, probe: Probe, tolerance: dict[str, Tolerance]) -> tuple[str, bool]:
    try:
        actual = leaves_of(call(module, probe.tensors))
    except Problem as problem:
        return f"on input '{probe.name}' {problem.message}", False
    except Exception as error:  # noqa: BLE001 - whatever it raises, Python did not
        return f"it raises on input '{probe.name}': {said(error)}", False
    words = difference(probe.expected, actual, tolerance)
    return (f"results differ on input '{probe.name}': {words}" if words else ""), is_exact(probe.expected, actual)
