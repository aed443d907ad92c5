"""The saved inputs and what eager Python answers to them."""

from __future__ import annotations

import re
import statistics
import time
from typing import TYPE_CHECKING, Any

from . import npy
from .artifact import cannot_write
from .eager import Probe, call
from .flatten import leaves_in
from .methods import View
from .names import encode
from .progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from .choose import Choice

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]")
TIMED = 3
LONG = 5.0
"""Seconds: a call this long is not repeated to be timed."""


def write(folder: Path, model: Any, choice: Choice) -> list[dict[str, Any]]:
    progress("cases")
    entries = [("", probe) for probe in choice.job.probes]
    entries += [(method, probe) for method, probes in choice.job.methods.items() for probe in probes]
    written = []
    for number, (method, probe) in enumerate((method, probe) for method, probe in entries if probe.case):
        name = name_of(probe.name, method)
        name = f"{name}-{number}" if (folder / name).exists() else name
        _write(folder / name, choice, probe, method)
        caller = View(model, method) if method else model
        timed = {"name": name, "python_milliseconds": _milliseconds(caller, probe, choice)}
        written.append({**timed, "method": method} if method else timed)
    return written


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


def _milliseconds(model: Any, probe: Probe, choice: Choice) -> float:
    """Median of three calls. The model has been called often enough to be warm; one that keeps state is let be."""
    again = 0 if probe.seconds > LONG or choice.job.sequence else TIMED - 1
    return round(statistics.median([probe.seconds, *(_timed(model, probe) for _ in range(again))]) * 1000, 3)


def _timed(model: Any, probe: Probe) -> float:
    start = time.perf_counter()
    call(model, probe.call)
    return time.perf_counter() - start
