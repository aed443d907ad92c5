"""A bound on the memory of this process, where the system has one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUS = Path("/proc/self/statm")


@contextlib.contextmanager
def memory_bounded(room: int) -> Iterator[None]:
    """While the block runs, what wants `room` bytes more than now fails as out of memory instead of being given it."""
    try:
        import resource  # noqa: PLC0415 - not on every system

        pages = int(_STATUS.read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + room
    limits = [wanted, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
