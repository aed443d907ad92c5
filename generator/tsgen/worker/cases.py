"""The saved inputs and what eager Python answers to them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from . import npy
from .artifact import cannot_write
from .eager import Probe, call
from .names import encode
from .progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from .inputs import Plan

TIMED = 3
LONG = 5.0
"""Seconds: a call this long is not repeated to be timed."""


def write(folder: Path, model: Any, plan: Plan, probes: list[Probe]) -> list[dict[str, Any]]:
    progress("cases")
    written = []
    for probe in probes:
        if probe.case:
            _write(folder / probe.name, plan, probe)
            written.append({"name": probe.name, "python_milliseconds": _milliseconds(model, probe)})
    return written


def _write(folder: Path, plan: Plan, probe: Probe) -> None:
    try:
        folder.mkdir(parents=True)
        for entry, tensor in zip(plan.inputs, probe.tensors):
            npy.write(folder / f"input.{encode(entry.name)}.npy", tensor, entry.dtype)
        for leaf in probe.expected:
            npy.write(folder / f"output.{encode(leaf.name)}.npy", leaf.tensor, leaf.dtype)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _milliseconds(model: Any, probe: Probe) -> float:
    """Median of three calls. The model has been called often enough to be warm."""
    again = 0 if probe.seconds > LONG else TIMED - 1
    return round(statistics.median([probe.seconds, *(_timed(model, probe) for _ in range(again))]) * 1000, 3)


def _timed(model: Any, probe: Probe) -> float:
    start = time.perf_counter()
    call(model, probe.tensors)
    return time.perf_counter() - start
