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
    """The command lines of running processes that name `text`."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line and " -eo " not in line]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_exporting_nothing_is_left(tmp_path: Path, model_python: Path) -> None:
    words = ["new", "myapp", "--model", "resnet18", "--output", tmp_path]
    status = interrupted_when(lambda: bool(list(tmp_path.rglob("request.json"))), words, model_python)
    assert status == 130
    assert list(tmp_path.iterdir()) == []
    assert not commands_with(str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_compiling_the_next_build_goes_on(tmp_path: Path, model_python: Path, tsgen: Tsgen) -> None:
    root = tmp_path / "myapp"
    words = ["new", "myapp", "--model", "squeezenet1_1", "--output", tmp_path]
    status = interrupted_when((root / "build/release/build.ninja").exists, words, model_python)
    assert status == 130
    assert not commands_with(str(root))
    outcome = tsgen("build", root, "--json").document
    assert outcome["parity"]["passed"]
    assert "export" in outcome["up_to_date"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_while_proving_the_program_ends_too(resnet: Made, model_python: Path, tsgen: Tsgen) -> None:
    program = f"{resnet.program} "
    status = interrupted_when(lambda: bool(commands_with(program)), ["test", resnet.root], model_python)
    assert status == 130
    assert not commands_with(program)
    assert tsgen("test", resnet.root).status == 0
