"""`tsgen export`: the exported model and its cases, and nothing else. The model's Python is a script."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline
from tsgen.errors import ConfigError, ExportError

from .make import config, contents
from .test_pipeline import Model, lively, model, out  # noqa: F401, TC001

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script")


def test_an_export_alone_is_the_artifact_and_its_cases(model: Model, out: Path) -> None:
    outcome = pipeline.export(config(python=model.python), out / "deep" / "exported")
    assert outcome.artifact
    assert outcome.artifact.path == out / "deep" / "exported" / "model.pt"
    wanted = {"model.pt", "manifest.json", "cases/index.tsv", "cases/ones/input.x.npy"}
    assert set(contents(out / "deep" / "exported")) == wanted
    assert list(outcome.timings) == ["export"]


def test_an_export_does_not_write_over_a_model_of_the_user(model: Model, out: Path) -> None:
    (out / "model.pt").write_bytes(b"mine")
    with pytest.raises(ConfigError, match="is not one of tsgen's"):
        pipeline.export(config(python=model.python), out)
    assert contents(out) == {"model.pt": b"mine"}
    pipeline.export(config(python=model.python), out, force=True)
    assert contents(out)["model.pt"] == b"model\n"


def test_an_export_over_an_older_one_needs_no_force(model: Model, out: Path) -> None:
    for _ in range(2):
        pipeline.export(config(python=model.python), out)
    assert model.count() == 2


def test_an_export_to_a_place_that_is_a_file_is_refused(model: Model, out: Path) -> None:
    (out / "file").touch()
    with pytest.raises(ExportError, match="cannot write to"):
        pipeline.export(config(python=model.python), out / "file" / "sub")
    assert contents(out) == {"file": b""}
