"""The one place that starts other programs: shows the command with -v, streams its lines, and ends it with us."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
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
) -> Finished:
    """Run `command` to its end.

    `on_line` sees every line of stdout as it comes; `merge` sends stderr there too. `env` is added to the environment.
    Raises ToolMissingError when the program cannot be started and, with `check`, ToolFailedError for a status not 0.
    """
    words = [str(word) for word in command]
    console.command(shlex.join(words))
    with tempfile.TemporaryFile() as errors:
        with _started(words, cwd, env, subprocess.STDOUT if merge else errors.fileno()) as process:
            stdout = _read(process, on_line)
            status = process.wait()
        errors.seek(0)
        stderr = errors.read().decode(errors="replace")
    if check and status:
        raise ToolFailedError(shlex.join(words), status, stdout + stderr)
    return Finished(status=status, stdout=stdout, stderr=stderr)


class Leash:
    """Holds what several threads run, so that the main thread, which alone hears Ctrl-C, can end all of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self.pulled = False

    def add(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.add(process)
            late = self.pulled
        if late:
            _signal_group(process, signal.SIGTERM)

    def drop(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.discard(process)

    def pull(self) -> None:
        """End what runs; what is started later ends at once."""
        with self._lock:
            self.pulled, running = True, list(self._running)
        for process in running:
            _signal_group(process, signal.SIGTERM)


leash: ContextVar[Leash] = ContextVar("leash", default=Leash())  # noqa: B039 - nobody pulls the one of the main thread


class HeldBack:
    """Ctrl-C and a polite kill wait until `release`: in the middle of Popen they would leave a program we do not know.

    Blocking the signals instead would be inherited by the program. Outside the main thread there is nothing to do.
    """

    def __init__(self) -> None:
        self._came = False
        main = threading.current_thread() is threading.main_thread()
        numbers = (signal.SIGINT, signal.SIGTERM) if main else ()
        self._handlers = {number: signal.signal(number, self._note) for number in numbers}

    def _note(self, *_: object) -> None:
        self._came = True

    def release(self) -> None:
        """Raises KeyboardInterrupt when one came in the meantime."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
        if self._came:
            raise KeyboardInterrupt


@contextmanager
def _started(
    words: list[str], cwd: Path | None, env: Mapping[str, str] | None, stderr: int
) -> Iterator[subprocess.Popen[str]]:
    interrupts = HeldBack()
    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
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
    held = leash.get()
    held.add(process)
    try:
        interrupts.release()
        # What the program leaves running holds our pipe open, and would be waited for.
        threading.Thread(target=_sweep, args=[process], daemon=True).start()
        yield process
    finally:
        _end(process)
        held.drop(process)


def _read(process: subprocess.Popen[str], on_line: Callable[[str], None] | None) -> str:
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if on_line:
            on_line(line.rstrip("\n"))
    return "".join(lines)


def _sweep(process: subprocess.Popen[str]) -> None:
    process.wait()
    _signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def _end(process: subprocess.Popen[str]) -> None:
    """Leave nothing running: ask the group politely, then insist."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        # Also when the program itself obeyed: one that it started may not have.
        _signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()


def _signal_group(process: subprocess.Popen[str], number: int) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
