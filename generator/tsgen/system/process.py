"""The one place that starts other programs: shows the command with -v, streams its lines, and ends it with us."""

from __future__ import annotations

import codecs
import io
import os
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.errors import ToolFailedError, ToolMissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

GRACE_SECONDS = 5.0
LOOK_UP_MILLISECONDS = 250
_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_hurried = threading.Event()


@dataclass(frozen=True, kw_only=True)
class Finished:
    status: int
    stdout: str
    stderr: str
    """Empty when the streams were merged."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    merge: bool = False,
    check: bool = True,
    tied: bool = False,
) -> Finished:
    """Run `command` to its end.

    `on_line` sees every line of stdout as it comes; `merge` sends stderr there too. `env` is added to the environment.
    `tied`: its stdin is a pipe without a word that ends with us, however we end; else there is nothing to read.
    Raises ToolMissingError when the program cannot be started and, with `check`, ToolFailedError for a status not 0.
    """
    words = [str(word) for word in command]
    console.command(shlex.join(words))
    with tempfile.TemporaryFile() as errors:
        stdin = subprocess.PIPE if tied else subprocess.DEVNULL
        with _started(words, cwd, env, stdin, subprocess.STDOUT if merge else errors.fileno()) as process:
            stdout = _read(process, on_line)
            status = process.wait()
        errors.seek(0)
        stderr = errors.read().decode(errors="replace")
    if check and status:
        raise ToolFailedError(shlex.join(words), status, stdout + stderr)
    return Finished(status=status, stdout=stdout, stderr=stderr)


class CancelToken:
    """Holds what several threads run, so that the main thread, which alone hears Ctrl-C, can end all of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self.cancelled = False

    def add(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.add(process)
            late = self.cancelled
        if late:
            _signal_group(process, signal.SIGTERM)

    def drop(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.discard(process)

    def cancel(self) -> None:
        """End what runs; what is started later ends at once."""
        with self._lock:
            self.cancelled, running = True, list(self._running)
        for process in running:
            _signal_group(process, signal.SIGTERM)


cancel_token: ContextVar[CancelToken] = ContextVar("cancel_token", default=CancelToken())  # noqa: B039 - nobody cancels that of the main thread


class HeldBack:
    """Ctrl-C and a polite kill wait until `release`: in the middle of Popen they would leave a program we do not know.

    Blocking the signals instead would be inherited by the program. Outside the main thread there is nothing to do.
    """

    def __init__(self) -> None:
        self._came = 0
        main = threading.current_thread() is threading.main_thread()
        held = [number for number in _INTERRUPTS if main and signal.getsignal(number) != signal.SIG_IGN]
        self._handlers = {number: signal.signal(number, self._note) for number in held}

    def _note(self, number: int, _: object) -> None:
        self._came = number

    def release(self) -> None:
        """Do what is done for the one that came in the meantime: KeyboardInterrupt, as a rule."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
        if not self._came:
            return
        handler = self._handlers[self._came]
        if not callable(handler):
            raise KeyboardInterrupt
        handler(self._came, None)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the end of the context.

    In the import of an extension written in C++ (lief is made with nanobind) the exception would end the process.
    """
    interrupts = HeldBack()
    try:
        yield
    finally:
        interrupts.release()


@contextmanager
def _started(
    words: list[str], cwd: Path | None, env: Mapping[str, str] | None, stdin: int, stderr: int
) -> Iterator[subprocess.Popen[str]]:
    interrupts = HeldBack()
    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            errors="replace",
            # A session of its own: Ctrl-C reaches us alone, and we end the whole group (cmake, ninja, compilers).
            start_new_session=True,
        )
    except OSError as error:
        interrupts.release()
        raise ToolMissingError(
            f"cannot run `{words[0]}`: {error.strerror or error}", hint="install it, or name another one"
        ) from error
    held = cancel_token.get()
    held.add(process)
    try:
        interrupts.release()
        # What the program leaves running holds our pipe open, and would be waited for.
        threading.Thread(target=_sweep, args=[process], daemon=True).start()
        yield process
    finally:
        try:
            _end(process)
        finally:
            held.drop(process)


def _read(process: subprocess.Popen[str], on_line: Callable[[str], None] | None) -> str:
    lines = []
    for line in _output(process):
        lines.append(line)
        if on_line:
            on_line(line.rstrip("\n"))
    return "".join(lines)


def _output(process: subprocess.Popen[str]) -> Iterator[str]:
    """Line by line, as the pipe's own text stream gives them, but never long without a look at what else came.

    A signal that comes while the main thread starts a program or a thread (both block signals for a moment) is taken by
    another thread, and CPython leaves it to the main thread, which a read would keep waiting till the program ends.
    """
    if not process.stdout or sys.platform == "win32":
        yield from process.stdout or ()
        return
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
    rest, number = "", process.stdout.fileno()
    while block := _block(number):
        *whole, rest = (rest + decoder.decode(block)).split("\n")
        yield from (f"{line}\n" for line in whole)
    if rest := rest + decoder.decode(b"", final=True):
        yield rest


def _block(number: int) -> bytes:
    """What can be read of a pipe now, or later; nothing at its end."""
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    while not waiting.poll(LOOK_UP_MILLISECONDS):
        pass
    return os.read(number, 1 << 16)


def _sweep(process: subprocess.Popen[str]) -> None:
    process.wait()
    _signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def hurry() -> None:
    """What is being ended gets no more time to do so by itself."""
    _hurried.set()


def _end(process: subprocess.Popen[str]) -> None:
    """Leave nothing running: ask the group politely, then insist."""
    if process.poll() is None:
        try:
            _signal_group(process, signal.SIGTERM)
            _wait_a_while(process)
        finally:
            # Also when the program itself obeyed: one that it started may not have. And when we are interrupted again.
            _signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        process.wait()
    for stream in filter(None, (process.stdin, process.stdout)):
        with suppress(OSError):
            stream.close()


def _wait_a_while(process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + GRACE_SECONDS
    while process.poll() is None and time.monotonic() < end and not _hurried.is_set():
        time.sleep(0.02)


def _signal_group(process: subprocess.Popen[str], number: int) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
