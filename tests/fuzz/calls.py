"""The programs that are called: each ends in time, or is killed and that is told."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

HUNG = 10_000
"""The status of what did not end."""
_SERVER = Path(__file__).parents[1] / "e2e/worker/server.py"
_WORKER = Path(cli.__file__).parents[1] / "worker"


@dataclass(frozen=True)
class Ended:
    """`status` is negative for a signal; `answer` is what the worker wrote."""

    status: int
    stdout: str
    stderr: str
    answer: dict[str, Any] | None = None


def program(command: list[str], place: Path, environment: Mapping[str, str], seconds: float) -> Ended:
    options: dict[str, Any] = {"cwd": place, "env": environment, "start_new_session": True, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
        try:
            out, err = process.communicate(timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = HUNG
    return Ended(status, out.decode(errors="replace"), err.decode(errors="replace"))


def forked(words: list[str], place: Path, environment: Mapping[str, str], seconds: float, said: Path) -> Ended:
    """`tsgen WORDS` in a fork of this process, which has imported it already."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        _tsgen(words, place, environment, said)
    status = _waited(child, time.monotonic() + seconds)
    return Ended(status, _text(said.with_suffix(".out")), _text(said.with_suffix(".err")))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _tsgen(words: list[str], place: Path, environment: Mapping[str, str], said: Path) -> None:
    """Never returns."""
    try:
        os.setsid()
        os.chdir(place)
        for stream, end in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(said.with_suffix(end), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        os.environ.clear()
        os.environ.update(environment)
        cli.main(words)
    except SystemExit as ending:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(ending.code or 0))
    finally:
        os._exit(99)


def _waited(child: int, deadline: float) -> int:
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return HUNG


class Worker:
    """Forks of one Python that has imported torch; see tests/e2e/worker/server.py."""

    def __init__(self, python: Path, place: Path, environment: Mapping[str, str]) -> None:
        self._command = [str(python), str(_SERVER), str(_WORKER)]
        self._options: dict[str, Any] = {"cwd": place, "env": environment, "text": True, "start_new_session": True}
        self._process = self._started()

    def ask(self, request: dict[str, Any], folder: Path, seconds: float) -> Ended:
        names = {name: str(folder / name) for name in ("request", "response", "output")}
        Path(names["request"]).write_text(json.dumps(request), encoding="utf-8")
        Path(names["response"]).unlink(missing_ok=True)
        job = {**names, "environment": {}, "largest_file": 0, "reworded": False}
        status = self._status(json.dumps(job), seconds)
        answer = Path(names["response"])
        known = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None
        return Ended(status, _text(Path(names["output"])), _text(Path(names["output"] + ".err")), known)

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **self._options)

    def _status(self, line: str, seconds: float) -> int:
        process = self._process
        if not process.stdin or not process.stdout:
            raise RuntimeError("the server has no pipes")
        process.stdin.write(line + "\n")
        process.stdin.flush()
        if select.select([process.stdout], [], [], seconds)[0]:
            return int(process.stdout.readline())
        self.close()
        self._process = self._started()
        return HUNG
