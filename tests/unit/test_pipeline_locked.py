"""`tsgen build --locked`: exactly what tsgen.lock names, or a refusal; the file is never written."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline
from tsgen.errors import ConfigError, ExportError, LibTorchError, ToolMissingError
from tsgen.project import lock

from .make import config, libtorch
from .test_pipeline import RESPONSE, Model, lively, model, out  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_files")
ARTIFACT_KEYS = {"sha256", "manifest", "torch_version", "request", "sources", "finds"}


@pytest.fixture
def project(model: Model, out: Path) -> Path:
    """Exported and locked; nothing can be compiled here."""
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    assert set(lock.read(out / "myapp").artifact) == ARTIFACT_KEYS
    return out / "myapp"


def build(root: Path, model: Model) -> None:
    pipeline.build(root, {"python": model.python, "locked": True})


def test_what_agrees_is_built_and_the_lock_stays_as_it_is(project: Path, model: Model) -> None:
    text = (project / "tsgen.lock").read_text(encoding="utf-8") + "\n"
    (project / "tsgen.lock").write_text(text, encoding="utf-8")
    with pytest.raises(ToolMissingError):
        build(project, model)
    assert (project / "tsgen.lock").read_text(encoding="utf-8") == text
    assert model.count() == 1


def test_another_torch_than_the_locked_one_is_refused(project: Path, model: Model, tmp_path: Path) -> None:
    version = tmp_path / "machine/site/torch/version.py"
    version.write_text("__version__ = '2.15.0'\n", encoding="utf-8")
    with pytest.raises(LibTorchError, match=r"version: expected 2\.14\.1, came 2\.15\.0"):
        build(project, model)
    assert model.count() == 1


def test_a_model_that_changed_is_refused(project: Path, model: Model) -> None:
    toml = project / "tsgen.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "seed = 7\n", encoding="utf-8")
    model.answers(RESPONSE)
    with pytest.raises(ExportError, match="keeps the one of") as caught:
        build(project, model)
    assert "the request changed" in caught.value.message
    assert model.count() == 1


def test_without_a_lock_nothing_is_built(project: Path, model: Model) -> None:
    (project / "tsgen.lock").unlink()
    with pytest.raises(ConfigError, match=r"there is no .*tsgen\.lock, and --locked takes only what it names"):
        build(project, model)
    assert not (project / "tsgen.lock").exists()
    assert model.count() == 1


def test_a_lock_without_this_machine_is_refused(project: Path, model: Model) -> None:
    artifact = lock.read(project).artifact
    (project / "tsgen.lock").unlink()
    lock.write(project, artifact, [libtorch(platform="macos-arm64").pin])
    with pytest.raises(LibTorchError, match="names no LibTorch for"):
        build(project, model)
