"""The saved inputs and what eager Python answers to them."""

from __future__ import annotations

import re
import statistics
import time
from typing import TYPE_CHECKING

from ..host.files import cannot_write
from ..messages import Case
from ..progress import progress
from ..reference.eager import Probe, call
from ..reference.view import View
from ..values import npy
from ..values.flatten import leaves_in
from ..values.names import encode
from .noise import Saved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..aliases import Model
    from .choose import Choice

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]")
TIMED = 3
LONG = 5.0
"""Seconds: a call this long is not repeated to be timed."""
STEADY = 0.02
"""Seconds: nor is one this long where there are TIMED cases or more. Their median is what is told."""


def write(folder: Path, model: Model, choice: Choice) -> list[Case]:
    progress("cases")
    entries = _entries(choice)
    longest = STEADY if len(entries) >= TIMED else LONG
    written = []
    for name, method, probe in entries:
        _write(folder / name, choice, probe, method)
        caller = View(model, method) if method else model
        again = 0 if probe.seconds > longest or choice.job.sequence else TIMED - 1
        written.append(Case(name, _milliseconds(caller, probe, again), method))
    return written


def saved(choice: Choice) -> list[Saved]:
    """What `write` leaves of each case."""
    return [Saved(name, method, probe, choice.travelling(probe, method)) for name, method, probe in _entries(choice)]


def _entries(choice: Choice) -> list[tuple[str, str, Probe]]:
    return named(choice.job.probes, choice.job.methods, sequence=choice.job.sequence)


def named(
    probes: Sequence[Probe], methods: Mapping[str, Sequence[Probe]], *, sequence: bool
) -> list[tuple[str, str, Probe]]:
    """Each case with its own name and the method that it calls."""
    entries = [(probe.method, probe) for probe in probes]
    if not sequence:  # which has the calls of methods where they were made
        entries += [(method, probe) for method, own in methods.items() for probe in own]
    found: dict[str, tuple[str, str, Probe]] = {}
    for number, (method, probe) in enumerate((method, probe) for method, probe in entries if probe.case):
        name = name_of(probe.name, "" if sequence else method)
        name = f"{name}-{number}" if name in found else name
        found[name] = (name, method, probe)
    return list(found.values())


def name_of(probe: str, method: str) -> str:
    return _NOT_PLAIN.sub("-", f"{method}-{probe}" if method else probe)


def _write(folder: Path, choice: Choice, probe: Probe, method: str) -> None:
    """What travels: neither constants nor what the export has fixed."""
    try:
        folder.mkdir(parents=True)
        for leaf in leaves_in(probe.inputs):
            if leaf.name not in choice.chosen.fixed:
                npy.write(folder / f"input.{encode(leaf.name)}.npy", leaf.tensor, leaf.dtype)
        for leaf in choice.travelling(probe, method):
            npy.write(folder / f"output.{encode(leaf.name)}.npy", leaf.tensor, leaf.dtype)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _milliseconds(model: Model, probe: Probe, again: int) -> float:
    """Median of the calls. The model has been called often enough to be warm; one that keeps state is let be."""
    return round(statistics.median([probe.seconds, *(_timed(model, probe) for _ in range(again))]) * 1000, 3)


def _timed(model: Model, probe: Probe) -> float:
    start = time.perf_counter()
    call(model, probe.call)
    return time.perf_counter() - start
