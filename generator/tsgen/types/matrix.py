"""The CI matrix: its legs, what this machine can do with each, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tsgen.types.axes import AXES
from tsgen.types.libtorch import Pin  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.literals import BuildType, RuntimeName  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.outcome import ParityReport  # noqa: TC001 - the JSON schema is generated from these annotations

State: TypeAlias = Literal["proven", "linked", "configured", "failed", "impossible", "elsewhere", "lacking"]
"""`proven`: compiled, run, equal to Python. `linked`: compiled and linked, not run. `configured`: what CMake generated
was read, nothing was built. `failed`: what should have worked did not. `impossible`: no such leg can exist.
`elsewhere`: it needs other hardware, or another system, than this machine has. `lacking`: this machine could do it, if
a tool were installed."""
StrategyName: TypeAlias = Literal["native", "emulated", "wine", "link", "configure"]
"""`native`: built and run. `emulated`: cross-compiled and run by an emulator. `wine`: compiled for Windows by mingw and
run by wine. `link`: cross-compiled and linked. `configure`: what CMake generates is read."""

WORDS: dict[State, str] = {
    "proven": "proven",
    "linked": "linked (not run)",
    "configured": "configured (not built)",
    "failed": "failed",
    "impossible": "cannot exist",
    "elsewhere": "needs other hardware",
    "lacking": "needs a tool",
}
"""What people read for each state."""


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One cell of the matrix."""

    platform: str
    torch_version: str
    """Public, of the LibTorch: `2.14.1`."""
    accelerator: str
    build_type: BuildType
    compiler: str
    """`g++`, `clang++-19`, `msvc`, `clang-cl`."""
    runtime: RuntimeName = "torchscript"
    """What executes the model."""

    @property
    def name(self) -> str:
        """The name of its folder and its results; the same on every machine.

        As before there was a second runtime, the usual one is not named.
        """
        words = (str(getattr(self, axis)) for axis in AXES if axis != "runtime" or self.runtime != "torchscript")
        return "-".join(words)


@dataclass(frozen=True)
class Refusal:
    """Why a leg cannot be done, or not here."""

    reason: str
    hint: str = ""
    """What would change it."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What `tsgen matrix` shows of a leg: the most that this machine can do with it."""

    leg: Leg
    name: str
    strategy: StrategyName | None
    """How it is done here; None when it is not."""
    target_state: State
    """The state that a run here ends in when all goes well."""
    reason: str = ""
    """Why no more than that."""
    hint: str = ""
    """What would change it."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Times and sizes of the compiled program, on one thread; an emulator's times say nothing of the real machine."""

    milliseconds: float
    """Median of one call."""
    python_milliseconds: float | None
    """The same call in eager Python, on the machine that exported; None where that is not known, as in a clone."""
    cold_start_milliseconds: float
    """From the start of the process to the end of its first answer."""
    python_cold_start_milliseconds: float | None
    """Python, torch and the same file on the same machine; None when that was not measured."""
    program_bytes: int
    model_bytes: int
    libtorch_bytes: int
    """The libraries that the program loads from its LibTorch's folder."""


@dataclass(frozen=True, kw_only=True)
class LegResult:
    """What came of a leg on the machine that had it last."""

    leg: Leg
    name: str
    state: State
    strategy: StrategyName | None
    reason: str = ""
    """Why it failed, or why the state is less than `proven`."""
    hint: str = ""
    facts: tuple[str, ...] = ()
    """What was checked besides the parity, a sentence each."""
    libtorch: Pin | None = None
    compiler: str = ""
    """Name and version: `g++ 12.2`."""
    parity: ParityReport | None = None
    measured: Measured | None = None
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds of each step that ran."""
    machine: str = ""
    """`Linux x86_64, 2 cores`."""
    date: str = ""
    """UTC, ISO 8601."""
    log: str = ""
    """Relative to the folder of matrix.json."""
    inputs: str = ""
    """A hash of all that the result depends on."""
    up_to_date: bool = False
    """Whether this run took the result of an earlier one, whose inputs were the same."""


@dataclass(frozen=True, kw_only=True)
class MatrixPlan:
    """What `tsgen matrix` reports."""

    project: str
    legs: tuple[Planned, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixReport:
    """The document matrix.json: what `tsgen matrix --run` reports."""

    project: str
    model: str
    """The model spec."""
    model_sha256: str
    torch_version: str
    """That exported the model."""
    tsgen_version: str
    legs: tuple[LegResult, ...]
