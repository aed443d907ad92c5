"""One short line per phase, on the stdout the worker was started with.

File descriptor 1 then leads to stderr, so whatever the user's model prints (from C++ as well) stays out of the way.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

_stream: list[TextIO] = []


def take_stdout() -> None:
    _stream.append(os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace"))
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # a model file that calls input() must not wait for someone
    os.close(nothing)


def close() -> None:
    for stream in _stream:
        with contextlib.suppress(OSError):
            stream.close()
    _stream.clear()


def progress(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # a reader that went away must not end the export
        stream = _stream[0] if _stream else sys.stderr
        stream.write(line + "\n")
        stream.flush()
