"""Ctrl-C at each step leaves the old state or the new one, and no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Made, Tsgen

PATIENCE_SECONDS = 120


def interrupted_when(condition: Callable[[], bool], words: list[object], python: Path) -> int:
    """Start tsgen, send SIGINT as soon as `condition` holds, and return its exit status."""
    command = [sys.executable, "-m", "tsgen", *(str(word) for word in words)]
    env = {**os.environ, "TSGEN_PYTHON": str(python)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    return process.wait(PATIENCE_SECONDS)


def commands_with(text: str) -> list[str]:
    """The command lines of running processes that name `text`, whole: without -ww ps cuts them at $COLUMNS."""
    listed = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line and " -ewwo " not in line]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_exporting_nothing_is_left(tmp_path: Path, model_python: Path) -> None:
    words = ["new", "myapp", "--model", "resnet18", "--output", tmp_path]
    root = tmp_path / "myapp"

    def both_work() -> bool:
        return bool(list(root.glob(".*/request.json"))) and (root / "build/release/build.ninja").exists()

    assert interrupted_when(both_work, words, model_python) == 130
    assert list(tmp_path.iterdir()) == []
    assert not commands_with(str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_tsgen_leaves_no_worker(tmp_path: Path, model_python: Path) -> None:
    """Nobody cleans up after SIGKILL: the worker itself notices, also while it is inside LibTorch."""
    words = ["export", "resnet18", "--output", tmp_path / "model"]
    command = [sys.executable, "-m", "tsgen", *map(str, words), "--python", str(model_python)]

    def worker() -> bool:
        return any("response.json" in line for line in commands_with(str(tmp_path)))

    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as tsgen:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not worker() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(1)
        assert worker()
        tsgen.kill()
    deadline = time.monotonic() + 2
    while worker() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not worker()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_compiling_the_next_build_goes_on(tmp_path: Path, model_python: Path, tsgen: Tsgen) -> None:
    root = tmp_path / "myapp"
    words = ["new", "myapp", "--model", "squeezenet1_1", "--output", tmp_path]
    of_the_rest = root / "build/release/CMakeFiles/myapp.dir/src/main.cpp.o"
    status = interrupted_when(of_the_rest.exists, words, model_python)
    assert status == 130
    assert not commands_with(str(root))
    outcome = tsgen("build", root, "--json").document
    assert outcome["parity"]["passed"]
    assert "export" in outcome["up_to_date"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_proving_the_runner_ends_too(resnet: Made, model_python: Path, tsgen: Tsgen) -> None:
    runner = f"{resnet.runner} "
    # A second is short on a busy machine: what ended before the signal came was not interrupted, and is tried again.
    tries = (interrupted_when(lambda: bool(commands_with(runner)), ["test", resnet.root], model_python) for _ in "123")
    status = next((status for status in tries if status != 0), 0)
    assert status == 130
    assert not commands_with(runner)
    assert tsgen("test", resnet.root).status == 0
