"""The frozen values that cross the borders between stages. No I/O here, and no import of the rest of tsgen."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations
from typing import Literal, TypeAlias

BuildType: TypeAlias = Literal["release", "debug"]
Method: TypeAlias = Literal["auto", "trace", "script"]
Demand: TypeAlias = Literal["exact", "tolerance"]
Dimension: TypeAlias = int | str
"""A size, or the name of a dynamic dimension."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file that a stored LibTorch was made from."""

    file: str
    """Its name, `libtorch-shared-with-deps-2.13.0+cpu.zip` or a wheel's."""
    sha256: str
    url: str = ""
    """Of an archive; empty for a wheel, which pip fetches by its requirement."""
    requirement: str = ""
    """Of a wheel: `torch==2.14.1`, `nvidia-cudnn-cu13==9.24.0.43`."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A LibTorch as tsgen.lock names it: nothing of this machine."""

    platform: str
    build_type: BuildType
    version: str
    accelerator: str
    cxx11_abi: bool
    origin: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Floors:
    """The oldest that will do; None where there is no such floor."""

    glibc: str | None
    cmake: str
    cuda_toolkit: str | None
    """For projects with CUDA sources of their own; a program that only calls LibTorch needs no toolkit."""
    macos: str | None


@dataclass(frozen=True, kw_only=True)
class ArchiveFile:
    """A zip that PyTorch publishes."""

    file: str
    url: str
    sha256: str | None
    """None where nobody has published one that we trust."""


@dataclass(frozen=True, kw_only=True)
class WheelFile:
    """The wheel of torch that holds a LibTorch; to C++ any of its `python_tags` is as good as another."""

    requirement: str
    """`torch==2.14.1`, `torch==2.14.1+cu126`."""
    platform_tag: str
    python_tags: tuple[str, ...]
    """`cp311`; the newest first."""
    accelerator: str
    """What the wheel is built for; CPU libraries can be cut from a CUDA wheel."""
    index: str | None
    """PyTorch's own index for this accelerator, None when it is on the one that pip knows."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What the catalog knows of a LibTorch that is published, without having seen it."""

    version: str
    """Public: `2.14.1`."""
    platform: str
    accelerator: str
    build_type: BuildType
    cxx11_abi: bool
    cxx_standard: int
    floors: Floors
    archive: ArchiveFile | None
    wheel: WheelFile | None
    origin: str
    """The provider that `auto` would ask: `wheel`, or `archive` where there is no wheel."""
    source: str
    """Where the facts come from."""
    remarks: tuple[str, ...] = ()
    """What a user of the archive should know."""


@dataclass(frozen=True, kw_only=True)
class Fetched(Distribution):
    """A distribution that is on this machine now."""

    root: Path
    """The folder that holds `lib` and `include`."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A LibTorch in the store."""

    name: str
    """Of its folder in the store."""
    version: str
    platform: str
    accelerator: str
    build_type: BuildType
    cxx11_abi: bool
    origin: str
    root: Path
    bytes: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What `tsgen libtorch list` reports."""

    store: Path
    stored: tuple[Stored, ...]
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What `tsgen libtorch verify` reports."""

    store: Path
    problems: dict[str, tuple[str, ...]]
    """By the name of each stored LibTorch; none for a whole one."""


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What `tsgen libtorch prune` removed, or would remove."""

    store: Path
    removed: tuple[Stored, ...]
    bytes: int
    dry_run: bool


@dataclass(frozen=True, kw_only=True)
class LibTorchRequest:
    """Which LibTorch is wanted."""

    libtorch: str
    """`auto`, a provider's name, or a folder."""
    platform: str
    build_type: BuildType
    torch: Path | None
    """The torch package of the model's interpreter."""
    version: str | None = None
    """None: any, for `installed` and `path`; the version that exported the model, for the rest."""
    accelerator: str | None = None
    """`cpu`, `cu130`, `rocm7.2`; `cuda` means any CUDA; None means any."""
    cxx11_abi: bool | None = None
    offline: bool = False
    """Take what is on this machine, ask no index and no server."""
    locked: tuple[Source, ...] = ()
    """The files that tsgen.lock names: others are refused."""


@dataclass(frozen=True, kw_only=True)
class LibTorch:
    """One concrete LibTorch distribution on this machine."""

    version: str
    """As torch.__version__ gives it, local part included: `2.14.1+cu130`."""
    platform: str
    accelerator: str
    """`cpu`, `cu130`, `rocm6.4`."""
    build_type: BuildType
    cxx11_abi: bool
    cxx_standard: int
    origin: str
    """The provider that found it: `installed`, `path`, `wheel`, `archive`, `conan`."""
    root: Path
    """The folder that holds `lib` and `include`."""
    sources: tuple[Source, ...] = ()
    """The files it was made from; empty for `installed` and `path`."""

    @property
    def pin(self) -> Pin:
        return Pin(**{item.name: getattr(self, item.name) for item in fields(Pin)})


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


@dataclass(frozen=True, kw_only=True)
class Project:
    name: str
    root: Path


@dataclass(frozen=True, kw_only=True)
class Build:
    executable: Path
    compiler: str
    """Name and version, `g++ 12.2`."""
    generator: str
    build_type: BuildType
    cmake: str


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


@dataclass(frozen=True, kw_only=True)
class ParityReport:
    passed: bool
    demand: Demand
    reason: str
    """Why the demand is a tolerance; empty for `exact`."""
    tolerance: dict[str, Tolerance]
    devices: dict[str, str]
    """`proven`, `failed`, `not proven: REASON` or `not exercised: REASON` for each device."""
    cases: tuple[OutputParity, ...]
    milliseconds: float
    """Median of one call of the C++ program, one thread."""
    python_milliseconds: float


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
