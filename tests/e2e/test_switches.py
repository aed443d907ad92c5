"""Switches of the whole process that a model's code set, in C++."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from .conftest import HERE, Made, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

MODELS = HERE / "worker/models/switches.py"


def exported(name: str, tsgen: Tsgen, folder: Path) -> Path:
    ended = tsgen("export", f"{MODELS}:{name}", "--input", "Nx8", "-o", folder)
    assert ended.status == 0, ended.stderr
    return folder / "model.pt"


def with_setting(old: str, new: str, model: Path) -> None:
    with zipfile.ZipFile(model) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(model, "w") as archive:
        for name, content in records.items():
            archive.writestr(name, content.replace(old.encode(), new.encode()))


@pytest.mark.parametrize("name", ["bf16_products", "medium", "deterministic", "without_onednn", "without_flash"])
def test_the_program_sets_it(name: str, resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    model = exported(name, tsgen, tmp_path / "out")
    assert run(resnet.runner, model, "--verify").status == 0
    assert "setting   " in run(resnet.runner, model, "--info").stdout


def test_the_smallest_numbers_are_zero_where_the_model_wants_it(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    model = exported("flushed", tsgen, tmp_path / "out")
    assert run(resnet.runner, model, "--verify").status == 0
    with_setting("setting\tflush_denormal\ttrue\n", "", model)
    assert run(resnet.runner, model, "--verify").status == 1


def test_a_setting_that_libtorch_does_not_have_is_named(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    model = exported("medium", tsgen, tmp_path / "out")
    with_setting("setting\tfloat32_matmul_precision\tmedium", "setting\twarp\tnine", model)
    ended = run(resnet.runner, model)
    assert ended.status == 2
    assert "the model needs the setting warp = nine, which this LibTorch does not have" in ended.stderr
