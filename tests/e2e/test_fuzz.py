"""A small part of `nox -s fuzz`, always the same: files that lie, through every door."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform != "linux", reason="it forks")
def test_a_hundred_files_that_lie_make_no_fault(model_python: Path, tmp_path: Path) -> None:
    words = ("--mutations", 100, "--seed", 1, "--place", tmp_path, "--python", model_python)
    ended = run(sys.executable, "-m", "tests.fuzz", *words, cwd=REPOSITORY)
    assert ended.status == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1] == "100 mutations, 0 faults"
