"""What a look at the machine finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - a JSON schema is generated from these annotations
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "missing", "old", "unknown", "not checked"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    state: State
    found: str
    """What is there, in one line."""
    needed: str
    """What would need it, and which version of it."""
    fix: str = ""
    """A command or a word for this kind of system; empty when there is nothing to do."""
    blocking: bool = False
    """Without it no project is built here, not even for the CPU."""


@dataclass(frozen=True, kw_only=True)
class DeviceAnswer:
    """What `--device cpu` or `--device cuda` can do here."""

    device: str
    builds: bool
    runs: bool | None
    """None when it cannot be told."""
    words: str


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What `tsgen doctor` reports."""

    builds: bool
    """Whether a project for the CPU can be built here."""
    findings: tuple[Finding, ...]
    devices: tuple[DeviceAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A known message of a log."""

    id: str
    line: int
    """Of its first appearance, from 1."""
    times: int
    text: str
    """That line."""
    cause: str
    fix: str
    versions: str
    """Of torch, where the message belongs to some; empty otherwise."""
    source: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What `tsgen doctor --explain` reports, in the order of the log: the first is most often the one to mend."""

    log: str
    lines: int
    known: int
    """How many messages tsgen knows."""
    messages: tuple[Explained, ...]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The store of LibTorch."""

    root: Path
    entries: int
    bytes: int
    problem: str = ""
    """Why it cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Torch:
    """The LibTorch inside the interpreter's torch, as its libraries tell it."""

    root: Path
    version: str
    accelerator: str
    cxx11_abi: bool
    cxx_standard: int
    glibc: str | None
    """The oldest that its libraries load with."""
    cuda_toolkit: str | None
    """The oldest that compiles CUDA sources against it."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What other parts of tsgen know, handed over by whoever asks for a diagnosis."""

    platform: str | None
    """None where there is no LibTorch for this machine; `platform_problem` says why."""
    platform_problem: str
    musl: bool
    """Whether that is for its C library."""
    torch: Torch | None
    torch_problem: str
    """Why the torch that is there cannot be used."""
    store: Stored
