"""Which projects use the store: a small file for each, so that two may register at the same time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

from tsgen.system import codec, files

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECTS = "projects"
UNDER_WAY_SECONDS = 3600.0
"""A build that began longer ago has written its lock."""


@dataclass(frozen=True, kw_only=True)
class _Record:
    project: Path
    name: str


@dataclass(frozen=True, kw_only=True)
class Use:
    """The last time that a project was built with a LibTorch of the store."""

    record: Path
    project: Path
    name: str
    """Of the entry."""

    @property
    def is_under_way(self) -> bool:
        """Whether the lock of the project may not name the entry yet."""
        return time.time() - self.record.stat().st_mtime < UNDER_WAY_SECONDS


def register(store: Path, project: Path, name: str) -> None:
    home = project.resolve()
    record = store / PROJECTS / f"{files.digest_of(str(home))[:16]}.json"
    files.write_text(record, codec.text_of(_Record(project=home, name=name), indent=None))


def uses(store: Path) -> Iterator[Use]:
    for record in sorted((store / PROJECTS).glob("*.json")):
        if use := _read(record):
            yield use


def _read(record: Path) -> Use | None:
    """None for what was removed meanwhile, or is not ours."""
    known = codec.read_own(record, _Record)
    return Use(record=record, project=known.project, name=known.name) if known else None
