"""An exported model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.types.words import Dimension  # noqa: TC001 - the JSON schema is generated from these annotations


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One tensor of a signature. `shape` is None when even the rank varies."""

    name: str
    dtype: str
    shape: tuple[Dimension, ...] | None

    def __str__(self) -> str:
        shape = "?" if self.shape is None else ",".join(map(str, self.shape))
        return f"{self.dtype}[{shape}]"


@dataclass(frozen=True, kw_only=True)
class Signature:
    inputs: tuple[Leaf, ...]
    outputs: tuple[Leaf, ...]
    dims: dict[str, int] = field(default_factory=dict)
    """The example size of each dynamic dimension of the inputs."""

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.inputs))} -> {', '.join(map(str, self.outputs))}"


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """|actual - expected| <= atol + rtol * |expected|, per value."""

    rtol: float
    atol: float


@dataclass(frozen=True, kw_only=True)
class Case:
    """One saved input with the outputs that eager Python gave for it."""

    name: str
    python_milliseconds: float


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """The exported file and all that is known of it; `model/manifest.json` holds the same."""

    path: Path
    model: str
    """The model spec as the user wrote it."""
    method: str
    torch_version: str
    sha256: str
    signature: Signature
    cases: tuple[Case, ...]
    exact: bool
    """The exported module equals eager bit for bit, in Python, on every case."""
    cpu: str
    parameters: int
    notes: tuple[str, ...] = ()
