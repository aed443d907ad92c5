"""Where trees are made and deleted: a folder belongs to whoever holds the lock of its variant; the others are dead."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tsgen import console
from tsgen.libtorch.store import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGING = "staging"
LOCKS = "locks"


@contextmanager
def alone_with(store: Path, variant: str) -> Iterator[None]:
    """Others who want the same LibTorch wait; those who want another one do not. A process that is killed lets go."""
    lock = _lock(store, variant)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.progress(f"waiting for another tsgen that has {variant}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone_at_once(store: Path, variant: str) -> Iterator[bool]:
    """Gives whether nobody else has it."""
    lock = _lock(store, variant)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def folder(store: Path, variant: str) -> Iterator[Path]:
    """A new one on the disk of the store, so that a rename suffices; only for who is alone with `variant`."""
    made = _new(store, variant)
    try:
        yield made
    finally:
        delete(made)


def retire(tree: Path, store: Path, variant: str) -> None:
    """Delete a tree that others may look at: it is away before the first of its files is."""
    aside = _new(store, variant)
    aside.rmdir()  # Windows moves nothing over a folder, not even over an empty one
    os.replace(tree, aside)  # noqa: PTH105 - its name on every system
    delete(aside)


def dead(store: Path, own: str = "") -> Iterator[Path]:
    """What killed processes left, each while its lock is held; `own` is the variant whose lock the caller holds."""
    for path in sorted(_folders(store / STAGING)):
        variant = path.name.rpartition(".")[0]
        if variant == own:
            yield path
            continue
        with alone_at_once(store, variant) as alone:
            if alone:
                yield path


def delete(path: Path) -> None:
    """Best effort: what stays is swept by a later run."""
    if os.name == "nt":
        manifest.allow_writing(path)
    shutil.rmtree(path, ignore_errors=True)


def _new(store: Path, variant: str) -> Path:
    (store / STAGING).mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=store / STAGING, prefix=f"{variant}."))
    # mkdtemp makes private folders; this one gets the mode that the user's umask gives.
    made.chmod((store / STAGING).stat().st_mode & 0o777)
    return made


def _lock(store: Path, variant: str) -> FileLock:
    (store / LOCKS).mkdir(parents=True, exist_ok=True)
    return FileLock(store / LOCKS / f"{variant}.lock")


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
