"""What may go: entries that no project needs, what killed processes left, downloads that nobody continued."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.libtorch.store import projects, record, staging
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tsgen.libtorch.store.record import Entry
    from tsgen.libtorch.store.store import Store
    from tsgen.types import Pin

ABANDONED_SECONDS = 7 * 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What `Store.prune` removed, or would remove."""

    entries: tuple[Entry, ...]
    bytes: int
    """With those of leftovers and old downloads."""


def needed(store: Path, pins_of: Callable[[Path], Iterable[Pin]]) -> tuple[set[frozenset[str]], set[str]]:
    """The sources (sets of sha256) that projects have locked, and the names of entries they are being built with."""
    locked, used = set(), set()
    for use in projects.uses(store):
        if use.project.is_dir():
            locked |= {record.hashes(pin.sources) for pin in pins_of(use.project)}
        # One that is no longer there may have been moved a moment ago.
        used |= {use.name} if use.is_under_way else set()
    return locked, used


def forget_gone(store: Path) -> None:
    """Projects that are no longer where they were, for more than an hour."""
    for use in projects.uses(store):
        if not use.project.is_dir() and not use.is_under_way:
            use.record.unlink(missing_ok=True)


def sweep(store: Store, *, dry_run: bool) -> int:
    """Remove leftovers, old downloads and trees that are no entries; returns their bytes."""
    freed = 0
    for path in staging.dead(store.root):
        freed += files.disk_usage(path)
        if not dry_run:
            staging.delete(path)
    for path in _abandoned(store):
        freed += files.disk_usage(path)
        if not dry_run:
            _delete(path)
    for folder in store.strangers():
        freed += files.disk_usage(folder)
        if not dry_run:
            store.remove(folder.name)
    return freed


def _abandoned(store: Store) -> Iterator[Path]:
    """Downloads, and small files of which a kill left half. Lock files stay: another tsgen may be waiting for one."""
    oldest = time.time() - ABANDONED_SECONDS
    halves = (*store.root.glob(".*"), *(store.root / projects.PROJECTS).glob(".*"))
    for path in sorted((*store.downloads.glob("*"), *halves)):
        if path.suffix != ".lock" and _newest(path) < oldest:
            yield path


def _delete(path: Path) -> None:
    staging.delete(path) if path.is_dir() else path.unlink(missing_ok=True)


def _newest(path: Path) -> float:
    return max((status.st_mtime for status in files.statuses(path)), default=0.0)
