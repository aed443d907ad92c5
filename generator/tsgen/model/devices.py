"""Where a model can run, as far as the export found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.errors import ExportError

if TYPE_CHECKING:
    from tsgen.types import Artifact
    from tsgen.types.literals import Device


def require_movable(artifact: Artifact, device: Device) -> None:
    """Raises ExportError for a model that is wanted on a GPU and runs on the CPU only."""
    if device == "cpu" or not artifact.cpu_only:
        return
    raise ExportError(
        f"{artifact.model} runs on the CPU only: {artifact.cpu_only}",
        hint="make the tensors there on the device of an input (device=x.device), or use --device cpu",
    )


def unchecked(artifact: Artifact, device: Device) -> str:
    """A note for a GPU that is wanted; empty when the export could find out, and for the CPU."""
    if device == "cpu" or not artifact.device_unchecked:
        return ""
    return f"whether it runs on a GPU could not be found out without one: {artifact.device_unchecked}"
