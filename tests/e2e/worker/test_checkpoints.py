"""Checkpoints as training loops write them, with one answer for all."""

from __future__ import annotations

import pickle
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

_MODELS = Path(__file__).parent / "models"
_WRITE = "import pathlib, checkpoints; checkpoints.write(pathlib.Path.cwd())"


@pytest.fixture(scope="module")
def files(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    code = f"import sys; sys.path.insert(0, {str(_MODELS)!r}); {_WRITE}"
    subprocess.run([str(model_python), "-W", "ignore", "-c", code], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wanted(export: Server, files: Path) -> bytes:
    return _output(_loaded(export, files / "plain.pt"))


def _loaded(export: Server, path: Path, name: str = "Model", *, key: str = "", **changes: Any) -> Answer:
    weights = f"{path}#{key}" if key else str(path)
    return export(f"checkpoints.py:{name}", weights=weights, **changes)


def _output(answer: Answer) -> bytes:
    assert answer.ok
    (found,) = answer.folder.glob("cases/example*/output.output.npy")
    return found.read_bytes()


def _note(answer: Answer) -> str:
    return next((note for note in answer.ok["notes"] if note.startswith("the weights of")), "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("plain.pt", ""),
        ("lightning.ckpt", "those under `state_dict`, without `model.` in their names"),
        ("nested.ckpt", "those under `state_dict`, without `net.`, `module.` in their names"),
        ("ddp_compiled.pt", "without `_orig_mod.`, `module.` in their names"),
        ("compiled_ddp.pt", "without `_orig_mod.`, `module.` in their names"),
        ("part_compiled.pt", "without `_orig_mod.` in their names"),
        ("fsdp.pt", "without `_orig_mod.`, `_fsdp_wrapped_module.` in their names"),
        ("averaged.pt", "without `module.` in their names, without the file's n_averaged"),
        ("with_loss.ckpt", "without `model.` in their names, without the file's loss.weight"),
        ("other_key.pt", "those under `net`"),
        ("deep.pt", "those under `ema.module`"),
        ("arguments.pt", "those under `model_state_dict`"),
        ("twice.pt", "those under `state_dict`"),
        ("old_norm.pt", ""),
        ("without_tied.pt", ""),
    ],
)
def test_what_a_training_loop_wrote_is_found_and_told(
    export: Server, files: Path, wanted: bytes, name: str, told: str
) -> None:
    answer = _loaded(export, files / name)
    assert _output(answer) == wanted
    assert _note(answer).endswith(told)
    assert bool(_note(answer)) == bool(told)
    assert str(files / name) in answer.ok["files"]


def test_of_two_that_fit_one_is_chosen_by_its_key(export: Server, files: Path, wanted: bytes) -> None:
    error = _loaded(export, files / "two.pt").error
    assert "2 sets of weights that fit the model: model, model_ema" in error["message"]
    assert "two.pt#model_ema" in error["hint"]
    assert _output(_loaded(export, files / "two.pt", key="model_ema")) == wanted
    assert _output(_loaded(export, files / "two.pt", key="model")) != wanted


def test_of_two_that_fit_one_is_chosen_by_how_its_names_begin(export: Server, files: Path, wanted: bytes) -> None:
    error = _loaded(export, files / "teacher.ckpt").error
    assert "state_dict.teacher, state_dict.student" in error["message"]
    assert _output(_loaded(export, files / "teacher.ckpt", key="state_dict.student")) == wanted


def test_a_key_that_is_not_there(export: Server, files: Path) -> None:
    error = _loaded(export, files / "two.pt", key="ema").error
    assert "nothing under the key 'ema'" in error["message"]
    assert "model, model_ema" in error["hint"]


def test_old_names_are_translated_by_the_models_own_hooks(export: Server, files: Path) -> None:
    answer = _loaded(export, files / "weight_norm.pt", "Normed")
    random = export("checkpoints.py:Normed")
    assert _output(answer) != _output(random)


def test_wrappers_of_the_model_itself(export: Server, files: Path, wanted: bytes) -> None:
    assert _output(_loaded(export, files / "parallel.pt", "Parallel")) == wanted


def test_what_is_missing_is_named_and_nothing_else(export: Server, files: Path) -> None:
    error = _loaded(export, files / "missing.pt").error
    assert error["message"].endswith("missing.pt does not fit the model; missing: backbone.0.bias")


def test_nothing_is_unpickled_unasked(export: Server, files: Path, wanted: bytes, tmp_path: Path) -> None:
    assert _loaded(export, files / "whole.pt").error["kind"] == "unsafe"
    assert _output(_loaded(export, files / "whole.pt", unsafe_pickle=True)) == wanted
    marker = tmp_path / "ran"
    (tmp_path / "evil.pt").write_bytes(pickle.dumps(_Writes(str(marker)), protocol=2))
    assert _loaded(export, tmp_path / "evil.pt", key="state_dict").error["kind"] == "unsafe"
    assert not marker.exists()


class _Writes:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


def test_what_was_saved_on_a_gpu_loads(export: Server, files: Path, wanted: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(files / "lightning.ckpt") as old, zipfile.ZipFile(tmp_path / "gpu.ckpt", "w") as new:
        for entry in old.infolist():
            contents = old.read(entry)
            if entry.filename.endswith("/data.pkl"):
                assert b"X\x03\x00\x00\x00cpu" in contents
                contents = contents.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            new.writestr(entry, contents)
    assert _output(_loaded(export, tmp_path / "gpu.ckpt")) == wanted
