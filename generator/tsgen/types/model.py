"""An exported model. What the worker says of it, the protocol names; tsgen knows where it is, and of which spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.worker.messages import Case, Exported, Node, OperatorLibrary, Signature, Tolerance, Writes
from tsgen.worker.messages.noise import NoFloorKind, NoiseFloor

__all__ = [
    "Artifact", "Case", "Exported", "NoFloorKind", "Node", "NoiseFloor", "OperatorLibrary", "Signature", "Tolerance",
    "Writes",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Artifact(Exported):
    """The exported file and all that is known of it; `model/manifest.json` holds the same, but nothing measured."""

    path: Path
    model: str
    """The model spec as the user wrote it."""
    sha256: str
