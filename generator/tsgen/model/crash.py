"""A way to export in which Python itself ended: torch's tracer or compiler crashed, and another way may do."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, get_args

from tsgen.types.literals import Method

if TYPE_CHECKING:
    from tsgen.system.process import Finished

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
"""What a process does to itself. SIGKILL and SIGTERM come from outside, and would come again."""
_WAYS = frozenset(get_args(Method)) - {"auto"}
_AFTERWARDS = "cases"
"""The worker's line when a way is chosen."""


def way(finished: Finished) -> str:
    """The method of exporting that a crash interrupted; empty where it was no crash, or came before or after them."""
    if not _signal(finished):
        return ""
    named = [line for line in finished.stdout.splitlines() if line in _WAYS or line == _AFTERWARDS]
    return named[-1] if named and named[-1] in _WAYS else ""


def told(finished: Finished, where: str) -> str:
    """`ended Python itself by signal 11 (SIGSEGV) in forward (model.py:31)`. `where`: what stands at the end of it."""
    lines = finished.stdout.splitlines()
    running = bool(lines) and lines[-1].startswith(f"check {way(finished)}: ")
    ended = "made a file that ended Python" if running else "ended Python itself"
    return f"{ended} by signal {-finished.status} ({_signal(finished)}){where}"


def _signal(finished: Finished) -> str:
    names = [name for name in _CRASHES if getattr(signal, name, None) == -finished.status]
    return names[0] if names else ""
