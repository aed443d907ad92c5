"""An exported model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.types.tree import described, grown
from tsgen.types.words import Call, Dimension, Kind  # noqa: TC001 - the JSON schema is generated from these annotations


@dataclass(frozen=True, kw_only=True)
class Node:
    """One value of a signature, or a group of values; a group comes before its children."""

    name: str
    """Its path: `x`, `batch.mask`, `0.boxes`. `*` stands for each element of a list, an empty name for all outputs."""
    kind: Kind = "tensor"
    dtype: str = ""
    """Of a tensor."""
    shape: tuple[Dimension, ...] | None = ()
    """Of a tensor; None when even the rank varies."""
    optional: bool = False
    """It may be left out: None in Python."""
    type: str = ""
    """Of a record, the Python class it came from, if it has one; of a constant, `int`, `float`, `bool` or `str`."""
    value: bool | int | float | str | None = None
    """Of a constant: what Python always answers. It is in no file."""
    default: bool | int | float | str | None = None
    """Of a number or text that goes in: Python's default, if it has one. A float that JSON does not know is the text
    `inf`, `-inf` or `nan`."""
    example: bool | int | float | str | None = None
    """Of a number or text that goes in: what the first case has, in the same form."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    dims: dict[str, int] = field(default_factory=dict)
    """The example size of each dynamic dimension of the inputs."""
    methods: dict[str, Signature] = field(default_factory=dict)
    """Of the exported methods besides forward."""

    def __str__(self) -> str:
        """`list[float32[3,H,W]] -> list[{boxes: float32[d0,4], ...}]`."""
        return f"{described(grown(self.inputs))} -> {described(grown(self.outputs))}"


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
    method: str = ""
    """The exported method that was called; empty for forward."""


@dataclass(frozen=True, kw_only=True)
class OperatorLibrary:
    """A shared library that registers operators which LibTorch does not have."""

    namespace: str
    file: str
    """Its name in `ops/` beside the model file."""


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
    call: Call = "nested"
    """`nested`: forward takes and gives values as Python does. `flat`: tensors only, one for each leaf."""
    select: tuple[int, ...] = ()
    """Which element of what forward returns is the answer: a scripted detector returns (losses, detections)."""
    engine: str = ""
    """The quantized engine to choose before the file is loaded; empty: none."""
    sequence: bool = False
    """The model keeps state from call to call, so the cases are one sequence of calls."""
    libraries: tuple[OperatorLibrary, ...] = ()
    notes: tuple[str, ...] = ()
