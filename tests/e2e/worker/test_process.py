"""The worker as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Arguments

pytestmark = pytest.mark.e2e


def test_run_by_path(model_python: Path, tmp_path: Path, arguments_for: Arguments) -> None:
    arguments = arguments_for(tmp_path, "branches:Straight", "Nx8")
    run = subprocess.run([str(model_python), *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert run.stderr == ""
    assert run.stdout.splitlines()[:2] == ["import torch", "load branches:Straight"]
    assert run.stdout.splitlines()[-1] == "cases"
    response = json.loads((tmp_path / "response.json").read_text())
    assert response["ok"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "request.json", "response.json"]


def test_without_torch(model_python: Path, tmp_path: Path, arguments_for: Arguments) -> None:
    arguments = arguments_for(tmp_path, "branches:Straight", "Nx8")
    run = subprocess.run([str(model_python), "-I", "-S", *arguments], capture_output=True, text=True, check=False)
    error = json.loads((tmp_path / "response.json").read_text())["error"]
    assert run.returncode == 1
    assert error["kind"] == "no_torch"


def test_another_format(model_python: Path, tmp_path: Path, arguments_for: Arguments) -> None:
    arguments = arguments_for(tmp_path, "branches:Straight", "Nx8", format=1)
    run = subprocess.run([str(model_python), *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "of format 2" in json.loads((tmp_path / "response.json").read_text())["error"]["message"]


def test_ctrl_c(model_python: Path, tmp_path: Path, arguments_for: Arguments) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text(f"import pathlib, time\npathlib.Path({str(tmp_path / 'ready')!r}).touch()\ntime.sleep(60)\n")
    source = {"kind": "file", "path": str(sleeper), "attribute": "Net"}
    arguments = arguments_for(tmp_path, "x", source=source)
    with subprocess.Popen([str(model_python), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        deadline = time.monotonic() + 60
        while not (tmp_path / "ready").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(run.pid, signal.SIGINT)
        assert run.wait(30) == 130
        assert run.stderr is not None
        assert run.stderr.read() == b""
    assert not (tmp_path / "response.json").exists()


def test_nothing_is_compiled_into_the_users_folder(
    model_python: Path, tmp_path: Path, arguments_for: Arguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    home = tmp_path / "home"
    home.mkdir()
    (home / "part.py").write_text("from torch import nn\n\nNet = nn.ReLU\n")
    (home / "net.py").write_text("from part import Net\n")
    source = {"kind": "file", "path": str(home / "net.py"), "attribute": "Net"}
    subprocess.run([str(model_python), *arguments_for(tmp_path, "net.py:Net", "Nx8", source=source)], check=True)
    assert sorted(path.name for path in home.iterdir()) == ["net.py", "part.py"]
