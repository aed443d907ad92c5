"""The workflow of a generated project, job by job, with the real tsgen, compiler and torch."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.integration import ci_shims
from tests.integration.workflow import Runner

from .conftest import REPOSITORY, make

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

MATRIX = """
[matrix]
build_type = ["debug"]
"""


@pytest.mark.slow
def test_the_workflow_proves_a_leg_of_the_matrix(tsgen: Tsgen, model_python: Path, tmp_path: Path) -> None:
    """No network is needed: model/ is in the project, and LibTorch is the installed torch's."""
    model = f"{REPOSITORY}/examples/my_module/model.py:build"
    made = make(tsgen, tmp_path, "small", "--model", model)
    assert tsgen("add", "ci", "github", made.root).status == 0
    shutil.rmtree(made.root / "build")
    (made.root / "CMakeUserPresets.json").unlink()
    with (made.root / "tsgen.toml").open("a", encoding="utf-8") as stream:
        stream.write(MATRIX)
    shims = ci_shims.write(tmp_path / "bin", tmp_path / "asked.log", tsgen=f"{sys.executable} -m tsgen")
    environment = {**os.environ, **shims, "TSGEN_PYTHON": str(model_python)}
    runner = Runner(made.root, tmp_path / "runner", environment, {"TSGEN_COMPILE_CACHE": "ccache"})
    assert runner.run("legs") == "success", runner.failures
    assert [leg["build_type"] for leg in runner.legs()] == ["debug"]
    assert runner.run_legs() == "success", runner.failures
    assert runner.run("report") == "success", runner.failures
    report = json.loads((runner.artifacts / "matrix/matrix.json").read_text(encoding="utf-8"))
    assert [leg["state"] for leg in report["legs"]] == ["proven"]
    assert (runner.artifacts / "matrix/matrix.html").stat().st_size > 1000
    assert runner.summary.read_text(encoding="utf-8").count("| proven |") == 1
