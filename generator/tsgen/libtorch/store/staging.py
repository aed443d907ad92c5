"""Where trees are made and deleted: each folder belongs to whoever holds the lock of its wish; the others are dead."""

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
def alone_with(store: Path, wish: str) -> Iterator[None]:
    """Others who want the same LibTorch wait; those who want another one do not. A process that is killed lets go."""
    lock = _lock(store, wish)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.progress(f"waiting for another tsgen that has {wish}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone_at_once(store: Path, wish: str) -> Iterator[bool]:
    """Gives whether nobody else has it."""
    lock = _lock(store, wish)
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
def folder(store: Path, wish: str) -> Iterator[Path]:
    """A new one on the disk of the store, so that a rename suffices; only for who is alone with `wish`."""
    made = _new(store, wish)
    try:
        yield made
    finally:
        delete(made)


def retire(tree: Path, store: Path, wish: str) -> None:
    """Delete a tree that others may look at: it is away before the first of its files is."""
    aside = _new(store, wish)
    aside.rmdir()  # Windows moves nothing over a folder, not even over an empty one
    os.replace(tree, aside)  # noqa: PTH105 - the name DESIGN uses for it
    delete(aside)


def dead(store: Path, own: str = "") -> Iterator[Path]:
    """What killed processes left, each while its lock is held; `own` is the wish whose lock the caller holds."""
    for path in sorted(_folders(store / STAGING)):
        wish = path.name.rpartition(".")[0]
        if wish == own:
            yield path
            continue
        with alone_at_once(store, wish) as alone:
            if alone:
                yield path


def delete(path: Path) -> None:
    """Best effort: what stays is swept by a later run."""
    if os.name == "nt":
        manifest.allow_writing(path)
    shutil.rmtree(path, ignore_errors=True)


def _new(store: Path, wish: str) -> Path:
    (store / STAGING).mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=store / STAGING, prefix=f"{wish}."))
    # mkdtemp makes private folders; this one gets the mode that the user's umask gives.
    made.chmod((store / STAGING).stat().st_mode & 0o777)
    return made


def _lock(store: Path, wish: str) -> FileLock:
    (store / LOCKS).mkdir(parents=True, exist_ok=True)
    return FileLock(store / LOCKS / f"{wish}.lock")


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
