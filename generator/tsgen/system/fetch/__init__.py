"""Download a file over HTTP: streamed, hashed, continued where it was interrupted, in place only when it is whole."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tsgen import console
from tsgen.errors import UnsafeError
from tsgen.system import files
from tsgen.system.disk import DiskError
from tsgen.system.fetch.address import address, format_url
from tsgen.system.fetch.partial import Partial
from tsgen.system.fetch.refusals import InterruptedTransferError, gave_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Patience", "alone_with", "discard", "download"]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a server is waited for."""

    connect_seconds: float = 15.0
    stall_seconds: float = 30.0
    """Without a single byte."""
    attempts: int = 4
    """In a row without getting any further; a long download over a bad line may be interrupted often."""
    pause_seconds: float = 0.5
    """Before the second attempt; doubled before each other one."""
    chunk: int = 1 << 18
    """Bytes that are written at once, and lost at most when the connection breaks."""


def download(
    url: str, target: Path, *, sha256: str | None = None, mirror: str | None = None, patience: Patience | None = None
) -> str:
    """Make `target` the file that `url` names and return its sha256.

    A target that an earlier, interrupted run completed is not asked for again; `discard` forgets it. `mirror` stands
    for https://download.pytorch.org in the URL; without one TSGEN_MIRROR does. Several processes may do this at once.
    Raises UnsafeError when the hash is not `sha256`, LibTorchError when the file cannot be had.
    """
    place = address(url, mirror)
    with files.writing(target, DiskError, files.ROOM_IN_THE_STORE), alone_with(target):
        partial = Partial(target)
        got = _kept(place, target, partial, sha256) or _fetched(place, partial, sha256, patience or Patience())
        if partial.path.is_file():
            os.replace(partial.path, target)  # noqa: PTH105 - its name on every system
        return got


def discard(target: Path) -> None:
    """Remove what `download` made, or the part of it that it had; best effort."""
    with suppress(OSError), alone_with(target):
        target.unlink(missing_ok=True)
        Partial(target).remove()


@contextmanager
def alone_with(target: Path) -> Iterator[None]:
    """Other processes wait; what they wait for is kept beside `target`, whose folder is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.progress(f"waiting for another tsgen that has {target.name}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _kept(url: str, target: Path, partial: Partial, expected: str | None) -> str | None:
    """The hash of a `target` that an earlier run completed; None when it cannot be used, and then it is gone."""
    if not target.is_file():
        return None
    known, got = partial.origin(url), files.sha256(target)
    if got == (expected or "").lower() or (not expected and known and known.size == target.stat().st_size):
        partial.path.unlink(missing_ok=True)
        return got
    target.unlink()
    return None


def _fetched(url: str, partial: Partial, expected: str | None, patience: Patience) -> str:
    """Complete `partial` and return its hash."""
    continued = bool(partial.length and partial.origin(url))
    _complete(url, partial, patience)
    got = partial.sha256()
    if not expected or got == expected.lower():
        return got
    partial.remove()
    if continued:
        # Bytes that lay here since another run may have been spoilt here: accuse nobody before a whole download.
        return _fetched(url, partial, expected, patience)
    raise UnsafeError(
        f"{format_url(url)} is not the file it should be: expected sha256 {expected.lower()}, got {got}",
        hint="either somebody tampered with it, on the server or on the way, or upstream has uploaded it again (as it "
        "did with 1.7.0+cu92, and with 2.12.1 for Windows); find out which before you trust the new one in tsgen.lock",
    )


def _complete(url: str, partial: Partial, patience: Patience) -> None:
    """Ask until `partial` is whole, or until nothing was gained by asking several times."""
    from tsgen.system.fetch import transfer  # noqa: PLC0415 - requests costs a tenth of a second, only downloads pay it

    failures, furthest = 0, partial.length
    with transfer.Session() as session:
        while True:
            try:
                return transfer.transfer(session, url, partial, patience)
            except InterruptedTransferError as interruption:
                failures = 1 if partial.length > furthest else failures + 1
                furthest = max(furthest, partial.length)
                if failures >= patience.attempts:
                    raise gave_up(url, interruption, attempts=failures, kept=partial.length) from interruption
                console.progress(f"{interruption}; trying again")
            time.sleep(patience.pause_seconds * 2 ** (failures - 1))
