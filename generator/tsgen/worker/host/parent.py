"""The process that started us: without it nobody waits for the answer, and a model may hold gigabytes."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading


def end_with_it() -> None:
    """When stdin is a pipe, end this process and what it started as soon as the pipe's other side is gone.

    A pipe ends with whoever holds it, also on a SIGKILL, on every system. What comes through it is passed over.
    """
    try:
        if stat.S_ISFIFO(os.fstat(0).st_mode):
            threading.Thread(target=_watch, args=[os.dup(0)], daemon=True).start()
    except OSError:  # there is no stdin
        return


def _watch(pipe: int) -> None:
    try:
        while os.read(pipe, 64):
            pass
    except OSError:  # the user's code closed what it did not open
        return
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
