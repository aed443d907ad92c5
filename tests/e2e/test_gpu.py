"""`nox -s gpu`, with one of its models: on a GPU where there is one, else as far as it goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Ended

SKIPPED = 77


def _session(*words: object) -> Ended:
    return run(sys.executable, "-m", "tests.gpu", *words, cwd=REPOSITORY)


def test_a_model_is_proven_on_both_devices_or_it_is_said_why_not(model_python: Path, tmp_path: Path) -> None:
    ended = _session("--only", "lstm", "--python", model_python, "--place", tmp_path)
    last = ended.stdout.splitlines()[-1]
    assert (tmp_path / "verdict.txt").read_text(encoding="utf-8") == last + "\n"
    assert (ended.status, last.split(":")[0]) in {(0, last.split(":")[0]), (SKIPPED, "not exercised")}, ended.stdout
    if ended.status == SKIPPED and "torch" not in last:
        assert "lstm          cpu: proven, cuda: not exercised" in ended.stdout
        assert last == "not exercised: no NVIDIA driver on this machine"


def test_a_python_without_a_torch_for_cuda_is_told(tmp_path: Path) -> None:
    assert run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare").status == 0
    python = tmp_path / "bare/bin/python"
    ended = _session("--python", python, "--place", tmp_path)
    assert ended.status == SKIPPED
    assert ended.stdout == f"not exercised: {python} has no torch\n"


def test_a_folder_that_lacks_a_wheel_is_told(model_python: Path, tmp_path: Path) -> None:
    ended = _session("--python", model_python, "--place", tmp_path, "--wheels", tmp_path)
    if ended.status == SKIPPED:
        pytest.skip("the torch here is not one for CUDA")
    assert ended.status == 1
    assert ended.stdout.startswith(f"failed: {tmp_path} has not all that tsgen needs")
    assert f"`pip wheel -w {tmp_path} .` fills it" in ended.stdout
