"""What was built and proven, and what a command reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.types.libtorch import LibTorch  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.literals import BuildType, Demand  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.model import (  # noqa: TC001 - the JSON schema is generated from these annotations
    Artifact,
    NoiseFloor,
    Tolerance,
)
from tsgen.types.verdict import Verdict  # noqa: TC001 - the JSON schema is generated from these annotations


@dataclass(frozen=True, kw_only=True)
class Project:
    name: str
    root: Path


@dataclass(frozen=True, kw_only=True)
class Build:
    executable: Path | None
    """The user's own program; None when he has none."""
    runner: Path
    """The command line that proves the model."""
    compiler: str
    """Name and version, `g++ 12.2`."""
    generator: str
    build_type: BuildType
    cmake: str
    emulator: tuple[str, ...] = ()
    """The words that stand before a program; empty when it is run directly."""


@dataclass(frozen=True, kw_only=True)
class OutputParity:
    """One output of one case: the C++ program's answer against eager Python's."""

    name: str
    """The case."""
    output: str
    passed: bool
    max_abs: float | None
    """None when nothing could be compared: shapes or dtypes differ, or no value is finite in both."""
    max_rel: float | None
    mismatches: int
    index: tuple[int, ...] | None = None
    """Of the first mismatch, row-major."""
    expected: str | None = None
    actual: str | None = None
    problem: str = ""
    dtype: str = ""
    """Of the output; empty when Python gave none that could be read."""
    float64_error: float | None = None
    """The largest distance of C++'s answer from eager Python's in float64; None where that is not known."""
    python_float64_error: float | None = None
    """The same of eager Python's own answer, in this case."""
    limit: float | None = None
    """How large `float64_error` may be; None where something else decides."""


FLOORS_ALLOWED = 4
"""How many times its noise floor an output may lie from float64. Another order of summation has errors of the same size
as eager Python's: twice is not unusual, of a changed weight far more is seen (docs/explanation/proof.md)."""


@dataclass(frozen=True, kw_only=True)
class Float64:
    """What eager Python answers in float64: a folder for each case in `folder`, and how far its own answers lie."""

    folder: Path
    floors: tuple[NoiseFloor, ...]


@dataclass(frozen=True, kw_only=True)
class ParityReport:
    passed: bool
    demand: Demand
    reason: str
    """Why the demand is not `exact`; empty when it is."""
    tolerance: dict[str, Tolerance]
    devices: dict[str, Verdict]
    """`proven`, `failed` or `failed: REASON`, `not proven: REASON` or `not exercised: REASON` for each device."""
    cases: tuple[OutputParity, ...]
    milliseconds: float
    """Median of one call of the C++ program, one thread."""
    python_milliseconds: float | None
    """The same in eager Python, on the machine that exported; None where that is not known, as in a clone."""
    floors: tuple[NoiseFloor, ...] = ()
    """Of each output that rounds, where it was asked for; `tsgen test --report` asks."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What `tsgen new`, `build`, `test` and `export` report; one JSON document with --json."""

    project: Project | None = None
    libtorch: LibTorch | None = None
    artifact: Artifact | None = None
    build: Build | None = None
    parity: ParityReport | None = None
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds of each step that ran."""
    up_to_date: tuple[str, ...] = ()
    """The steps that had nothing to do."""


@dataclass(frozen=True, kw_only=True)
class ErrorReport:
    code: int
    message: str
    hint: str
    details: str = ""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The one JSON document of a command that failed."""

    error: ErrorReport
    parity: ParityReport | None = None
    """Every comparison, when the program answered and the proof failed."""
