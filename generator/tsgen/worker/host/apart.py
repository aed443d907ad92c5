"""A call that may end the process, made in a copy of it."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def apart(work: Callable[[], Any], seconds: float) -> Any:
    """What `work` returns, through JSON, in a copy of this process that leaves no trace here.

    None where it raises, dies, takes longer, or where a system has no fork.
    """
    if not hasattr(os, "fork"):
        return None
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads, of which the copy has only this one
        child = os.fork()
    if child == 0:
        _work(work, writing, seconds)
    os.close(writing)
    try:
        return _answer(reading, seconds)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _work(work: Callable[[], Any], writing: int, seconds: float) -> None:
    """Never returns."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(max(1, round(2 * seconds)))  # should this process's parent die meanwhile
        _be_silent()
        os.write(writing, json.dumps(work()).encode())
    finally:
        os._exit(0)


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(reading: int, seconds: float) -> Any:
    text = b""
    while select.select([reading], [], [], seconds)[0]:
        part = os.read(reading, 1 << 16)
        if not part:
            return json.loads(text) if text else None
        text += part
    return None
