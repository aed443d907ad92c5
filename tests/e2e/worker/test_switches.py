"""A switch of the process that the model's code sets: the program sets it too, or the model is refused by name."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Server

pytestmark = pytest.mark.e2e


def settings(folder: Path) -> list[list[str]]:
    """What the file tells the program to set."""
    with zipfile.ZipFile(folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("extra/signature.tsgen"))
        text = archive.read(name).decode()
    return [line.split("\t")[1:] for line in text.splitlines() if line.startswith("setting\t")]


@pytest.mark.parametrize(
    ("name", "switch", "setting"),
    [
        ("bf16_products", "torch.backends.mkldnn.matmul.fp32_precision", ["fp32_precision.mkldnn.matmul", "bf16"]),
        ("medium", "torch.set_float32_matmul_precision", ["float32_matmul_precision", "medium"]),
        ("deterministic", "torch.use_deterministic_algorithms", ["deterministic", "warn"]),
        ("flushed", "torch.set_flush_denormal", ["flush_denormal", "true"]),
        ("without_onednn", "torch.backends.mkldnn.enabled", ["mkldnn", "false"]),
        ("without_flash", "torch.backends.cuda.enable_flash_sdp", ["sdp_flash", "false"]),
    ],
)
def test_the_program_is_told_to_set_it(name: str, switch: str, setting: list[str], export: Server) -> None:
    answer = export(f"switches.py:{name}", "Nx8")
    assert answer.ok["exact"]
    assert settings(answer.folder) == [setting]
    assert f"the model's code sets {switch}: so does the program, for its whole process" in answer.ok["notes"]


def test_old_and_new_spellings_together_are_no_traceback(export: Server) -> None:
    answer = export("switches.py:both", "Nx8")
    assert ["fp32_precision.mkldnn.conv", "bf16"] in settings(answer.folder)


def test_what_shows_on_a_gpu_alone_is_told(export: Server) -> None:
    answer = export("switches.py:on_a_gpu", "Nx8")
    assert settings(answer.folder) == []
    assert [note for note in answer.ok["notes"] if "torch.backends.cudnn.benchmark" in note and "GPU alone" in note]


@pytest.mark.parametrize(
    ("name", "switch"),
    [
        ("other_dtype", "torch.set_default_dtype"),
        ("autocast", "torch.set_autocast_enabled"),
        ("without_nnpack", "torch.backends.nnpack"),
    ],
)
def test_what_the_program_cannot_set_is_refused_by_name(name: str, switch: str, export: Server) -> None:
    error = export(f"switches.py:{name}", "Nx8").error
    assert error["kind"] == "unsupported"
    assert error["message"].startswith(f"the model's code calls or sets {switch}, for the whole process")
    assert error["hint"] == "take that out of the code that defines the model"


def test_a_forward_that_sets_one_is_refused(export: Server) -> None:
    error = export("switches.py:InForward", "Nx8").error
    assert (
        error["message"] == "forward sets torch.set_flush_denormal, for the whole process and for what comes after it"
    )
    assert "where the model is defined" in error["hint"]
