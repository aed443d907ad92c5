"""What eager Python answers in float64 to saved cases, asked for afterwards: the request, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - as below

from . import ExportRequest  # noqa: TC001 - what reads JSON needs the annotations
from .noise import NoiseFloor  # noqa: TC001 - as above


@dataclass(frozen=True)
class FloorsRequest:
    export: ExportRequest
    """Its `output` is the empty folder that the answers in float64 go to, a folder for each case."""
    cases: Path
    """The folder of the saved cases."""


@dataclass(frozen=True)
class FloorsAnswer:
    floors: tuple[NoiseFloor, ...]
