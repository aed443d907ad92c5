"""Where eager Python's answers in float64 lie, and how far from them the program's may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.config.tolerance import deciding
from tsgen.system.names import encode
from tsgen.types import FLOORS_ALLOWED, Float64
from tsgen.verify.compare import Exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Artifact, Case, Demand, Tolerance


def of(artifact: Artifact, asked: Float64 | None) -> Float64:
    """What was asked for, or else what the export has brought along, if anything."""
    return asked or Float64(folder=artifact.path.parent / "cases", floors=artifact.floors)


def exact(float64: Float64, case: Case, demand: Demand, tolerance: Mapping[str, Tolerance]) -> dict[str, Exact]:
    """By output of the case; only where the demand is the floor there are limits."""
    floors = [each for each in float64.floors if each.method == case.method and each.floor is not None]
    limits = {each.output: each.floor for each in deciding(floors, tolerance)} if demand == "floor" else {}
    return {
        each.output: Exact(
            float64.folder / case.name / f"float64.{encode(each.output)}.npy", _limit(limits.get(each.output))
        )
        for each in floors
    }


def _limit(floor: float | None) -> float | None:
    return None if floor is None else FLOORS_ALLOWED * floor
