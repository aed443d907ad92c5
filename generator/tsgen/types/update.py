"""What `tsgen update` reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tsgen.types.outcome import (  # noqa: TC001 - the JSON schema is generated from these annotations
    Build,
    ParityReport,
    Project,
)

Drift = Literal["none", "missing", "older", "newer", "other"]
"""How a project's third_party/tsgen differs from the one a tsgen brings; `other`: the same version, other bytes."""


@dataclass(frozen=True, kw_only=True)
class Stand:
    """The project's library at one time, and what its proof said."""

    version: str
    """Empty when there was none."""
    sha256: str
    """Of all its files; empty for a project that tsgen 0.1.0 made, which had no third_party/tsgen."""
    parity: ParityReport | None = None
    not_proven: str = ""
    """Why there is no proof."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file of the user's that gave its place to one of tsgen's."""

    file: str
    kept_as: str


@dataclass(frozen=True, kw_only=True)
class Update:
    """The one JSON document of `tsgen update`."""

    project: Project
    action: Literal["none", "updated", "migrated"]
    before: Stand
    after: Stand
    edited: tuple[str, ...] = ()
    """Files of third_party/tsgen that somebody had edited, and that --force replaced."""
    kept: tuple[Kept, ...] = ()
    removed: tuple[str, ...] = ()
    """Files of tsgen 0.1.0 that are gone, and that nobody had changed."""
    build: Build | None = None
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds of each step that ran, of the last one where a step ran twice."""
