"""A model that differentiates, in C++: the typed API is that of any model."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from .conftest import HERE, Made, make, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

MODELS = HERE / "worker/models/gradients.py"


@pytest.fixture(scope="module")
def project(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    words = ("--model", f"{MODELS}:Asked", "--input", "pos=Nx3", "--input", "scale=Nx1")
    return make(tsgen, tmp_path_factory.mktemp("gradients"), "forces", *words)


def exported(name: str, tsgen: Tsgen, folder: Path) -> Path:
    ended = tsgen("export", f"{MODELS}:{name}", "--input", "Nx3", "-o", folder)
    assert ended.status == 0, ended.stderr
    return folder / "model.pt"


def without(line: str, model: Path) -> None:
    """The file with another signature; how it is packed does not matter."""
    with zipfile.ZipFile(model) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(model, "w") as archive:
        for name, content in records.items():
            archive.writestr(name, content.replace(line.encode(), b""))


def test_it_is_proven_and_called_through_the_typed_api(project: Made) -> None:
    assert project.outcome["parity"]["devices"]["cpu"] == "proven"
    assert run(project.program).stdout.startswith("ok\n")
    assert "gradients computed in each call\n" in run(project.runner, "--info").stdout
    assert run(project.runner, "--stress", 2).status == 0


@pytest.mark.parametrize("name", ["Forces", "Twice", "Backward"])
def test_the_runner_computes_derivatives(name: str, project: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    model = exported(name, tsgen, tmp_path / "out")
    assert run(project.runner, model, "--verify").status == 0


def test_without_the_word_for_it_nothing_is_recorded(project: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    """What the runner does differently for such a model is all that makes it work."""
    model = exported("Forces", tsgen, tmp_path / "out")
    without("gradients\ttrue\n", model)
    ended = run(project.runner, model, "--verify")
    assert ended.status != 0
    assert "grad" in ended.stderr + ended.stdout
