"""The vendored library compiles while the model is exported. Who waits for whom decides, not how long it takes."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from .test_interrupt import commands_with

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

# A factory that returns when there is an object of the library: after the export it would wait in vain.
MODEL = """
    import time
    from pathlib import Path

    import torch

    LIBRARY = Path(__file__).parent / "myapp/build/release/third_party/tsgen"


    def build():
        end = time.monotonic() + 300
        while not any(LIBRARY.rglob("*.o")):
            if time.monotonic() > end:
                raise RuntimeError("nothing is compiled")
            time.sleep(0.05)
        {then}


    def example_inputs():
        return torch.ones(2, 3)
    """


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "model.py"


def test_an_object_of_the_library_is_there_before_the_model_is(model: Path, tmp_path: Path, tsgen: Tsgen) -> None:
    model.write_text(dedent(MODEL.format(then="return torch.nn.Linear(3, 2)")), encoding="utf-8")
    made = tsgen("new", "myapp", "--model", f"{model}:build", "--output", tmp_path, "--json")
    assert made.status == 0, made.stdout
    assert made.document["parity"]["passed"]
    root = tmp_path / "myapp"
    objects = [path.stat().st_mtime for path in (root / "build/release/third_party/tsgen").rglob("*.o")]
    assert min(objects) < (root / "model/manifest.json").stat().st_mtime
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "myapp"]
    again = tsgen("build", root, "--json").document
    assert set(again["up_to_date"]) >= {"export", "build", "prove"}


def test_a_model_that_fails_ends_the_compiler_and_leaves_no_project(model: Path, tmp_path: Path, tsgen: Tsgen) -> None:
    model.write_text(dedent(MODEL.format(then='raise ValueError("no weights")')), encoding="utf-8")
    ended = tsgen("new", "myapp", "--model", f"{model}:build", "--output", tmp_path, "--json")
    assert ended.status == 4
    assert "no weights" in ended.document["error"]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["model.py"]
    assert not commands_with(str(tmp_path))
