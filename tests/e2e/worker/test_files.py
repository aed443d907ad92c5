"""Files that are given: TorchScript, weights. And files that cannot be written."""

from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

MAKE = """
import sys, torch, zipfile
from torch import nn
class Doubling(nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            return 2 * x
        return x
class NoForward(nn.Module):
    @torch.jit.export
    def predict(self, x: torch.Tensor):
        return x
linear = nn.Linear(8, 2)
torch.jit.save(torch.jit.script(Doubling()), "script.pt", _extra_files={"note.txt": "mine"})
torch.jit.save(torch.jit.freeze(torch.jit.script(nn.Sequential(nn.Linear(8, 2), nn.Dropout())).eval()), "frozen.pt")
torch.jit.save(torch.jit.script(NoForward()), "no_forward.pt")
state = {"linear." + key: value for key, value in linear.state_dict().items()}
torch.save(state, "state.pt")
torch.save(state, "old.pt", _use_new_zipfile_serialization=False)
torch.save({"state_dict": state, "epoch": 3}, "checkpoint.pt")
torch.save({"module." + key: value for key, value in state.items()}, "parallel.pt")
torch.save({"_orig_mod." + key: value for key, value in state.items()}, "compiled.pt")
torch.save(linear, "whole.pt")
torch.save({"model": nn.ModuleDict({"linear": linear}), "epoch": 3}, "wholes.pt")
torch.save(linear.state_dict(), "misfit.pt")
torch.save([1, 2], "list.pt")
def changed(target, **contents):
    with zipfile.ZipFile("script.pt") as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            inner = entry.filename.split("/", 1)[1]
            new.writestr(entry.filename, contents.get(inner.replace("/", "_").replace(".", "_"), old.read(entry)))
changed("newer.pt", version=b"999\\n")
torch.export.save(torch.export.export(linear, (torch.ones(2, 8),)), "program.pt2")
if hasattr(torch.serialization, "set_crc32_options"):
    torch.serialization.set_crc32_options(False)
torch.save(state, "unsummed.pt")
"""


@pytest.fixture(scope="module")
def files(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "make.py").write_text(MAKE)
    subprocess.run([str(model_python), "-W", "ignore", "make.py"], cwd=folder, check=True, capture_output=True)
    whole = (folder / "script.pt").read_bytes()
    (folder / "empty.pt").write_bytes(b"")
    (folder / "truncated.pt").write_bytes(whole[: len(whole) // 2])
    (folder / "text.pt").write_text("not a model\n")
    (folder / "folder.pt").mkdir()
    with zipfile.ZipFile(folder / "zip.pt", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    code = whole.index(b"code/__torch__") + 100
    (folder / "damaged.pt").write_bytes(whole[:code] + bytes(100) + whole[code + 100 :])
    return folder


def _file(path: Path) -> dict[str, Any]:
    return {"source": {"kind": "torchscript", "path": str(path)}}


def test_python_objects_among_the_weights_are_refused_for_safety(export: Server, files: Path) -> None:
    error = _weighted(export, files / "whole.pt").error
    assert error["kind"] == "unsafe"
    assert "only tensors are read" in error["message"]
    assert "--unsafe-pickle" in error["hint"]


def test_unsafe_pickle_reads_a_whole_module(export: Server, files: Path) -> None:
    whole = _weighted(export, files / "wholes.pt", unsafe_pickle=True)
    state = _weighted(export, files / "state.pt", unsafe_pickle=True)
    name = "cases/ones/output.output.npy"
    assert (whole.folder / name).read_bytes() == (state.folder / name).read_bytes()
    assert _weighted(export, files / "wholes.pt").error["kind"] == "unsafe"


def _middle(path: Path, end: str) -> int:
    """Where in the file the middle of the entry of that end lies."""
    with zipfile.ZipFile(path) as archive:
        found = next(info for info in archive.infolist() if info.filename.endswith(end))
    header = path.read_bytes()[found.header_offset :]
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return found.header_offset + 30 + names + found.compress_size // 2


@pytest.mark.parametrize(
    ("door", "name", "end"),
    [
        ("model", "script.pt", ".py"),
        ("model", "script.pt", ".debug_pkl"),
        ("model", "program.pt2", "model.json"),
        ("model", "program.pt2", "weight_0"),
        ("inspect", "script.pt", ".py"),
        ("inspect", "script.pt", ".debug_pkl"),
        ("weights", "state.pt", "data/0"),
        ("weights", "checkpoint.pt", "data.pkl"),
    ],
)
def test_a_flipped_bit_anywhere_is_seen(
    export: Server, files: Path, tmp_path: Path, door: str, name: str, end: str
) -> None:
    """Torch itself compares no checksum: it would take flipped weights as they are."""
    whole = bytearray((files / name).read_bytes())
    whole[_middle(files / name, end)] ^= 4
    (tmp_path / name).write_bytes(whole)
    error = _at(door, export, tmp_path / name).error
    assert error["kind"] == ("bad_weights" if door == "weights" else "bad_file")
    assert "is truncated or damaged: " in error["message"]


def _at(door: str, export: Server, path: Path) -> Answer:
    if door == "weights":
        return _weighted(export, path)
    if door == "inspect":
        return export.asked({"format": 2, "action": "inspect", "path": str(path), "text": True, "code": True})
    return export(path.name, "Nx8", **_file(path))


@pytest.mark.parametrize("door", ["model", "inspect"])
def test_where_the_lines_came_from_is_damaged_and_summed_anew(
    export: Server, files: Path, tmp_path: Path, door: str
) -> None:
    """Which torch reads no earlier than it is asked."""
    with zipfile.ZipFile(files / "script.pt") as old, zipfile.ZipFile(tmp_path / "script.pt", "w") as new:
        for entry in old.infolist():
            foul = entry.filename.endswith(".debug_pkl")
            new.writestr(entry.filename, b"no pickle" if foul else old.read(entry))
    error = _at(door, export, tmp_path / "script.pt").error
    assert error["kind"] == "bad_file"
    assert "script.pt is damaged" in error["message"]


@pytest.mark.parametrize("door", ["model", "inspect"])
@pytest.mark.parametrize("name", ["script.pt", "program.pt2"])
def test_an_archive_whose_directory_points_elsewhere(
    export: Server, files: Path, tmp_path: Path, door: str, name: str
) -> None:
    whole = (files / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:300] + whole[100:])
    error = _at(door, export, tmp_path / name).error
    assert error["kind"] == "bad_file"
    assert f"{name} is truncated or damaged" in error["message"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder.pt", "is a folder"),
        ("empty.pt", "is empty"),
        ("truncated.pt", "truncated or damaged"),
        ("damaged.pt", "damaged"),
        ("text.pt", "not a TorchScript archive"),
        ("zip.pt", "a zip archive, but not TorchScript"),
        ("state.pt", "saved by torch.save"),
        ("old.pt", "old torch.save file"),
        ("whole.pt", "saved by torch.save"),
        ("newer.pt", "a newer torch (file version 999"),
    ],
)
def test_what_is_no_torchscript_file(export: Server, files: Path, name: str, words: str) -> None:
    error = export(name, "Nx8", **_file(files / name)).error
    assert error["kind"] == "bad_file"
    assert words in error["message"]
    assert len(error["message"]) < 500


def test_torchscript_is_kept_as_it_is(export: Server, files: Path) -> None:
    answer = export("script.pt", "Nx8", **_file(files / "script.pt"))
    assert answer.ok["method"] == "torchscript"
    assert answer.ok["files"] == [str(files / "script.pt")]
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        extra = {name.split("/extra/")[1]: archive.read(name) for name in archive.namelist() if "/extra/" in name}
    assert extra["note.txt"] == b"mine"
    assert b"method\ttorchscript\n" in extra["signature.tsgen"]


def test_scripting_torchscript_is_keeping_it(export: Server, files: Path) -> None:
    assert export("script.pt", "Nx8", method="script", **_file(files / "script.pt")).ok["method"] == "torchscript"


def test_tracing_torchscript_keeps_its_branch(export: Server, files: Path) -> None:
    assert export("script.pt", "Nx8", method="trace", **_file(files / "script.pt")).ok["method"] == "trace"


def test_frozen_torchscript(export: Server, files: Path) -> None:
    assert export("frozen.pt", "Nx8", **_file(files / "frozen.pt")).ok["method"] == "torchscript"


def test_torchscript_shows_its_forward_when_an_input_is_needed(export: Server, files: Path) -> None:
    error = export("script.pt", **_file(files / "script.pt")).error
    assert error["kind"] == "input_needed"
    assert "forward(x: Tensor)" in error["message"]


def test_torchscript_without_forward(export: Server, files: Path) -> None:
    error = export("no_forward.pt", "Nx8", **_file(files / "no_forward.pt")).error
    assert "no forward" in error["message"]


def test_torchscript_takes_no_weights(export: Server, files: Path) -> None:
    answer = export("script.pt", "Nx8", weights=str(files / "state.pt"), **_file(files / "script.pt"))
    assert answer.error["kind"] == "bad_weights"


STATES = ("state.pt", "old.pt", "checkpoint.pt", "parallel.pt", "compiled.pt", "unsummed.pt")


def _weighted(export: Server, path: Path, **changes: Any) -> Answer:
    return export("misbehaving.py:Straight", "Nx8", model_args={"features": 8}, weights=str(path), **changes)


def test_a_missing_file_is_a_wrong_name(export: Server, files: Path) -> None:
    error = export("missing.pt", "Nx8", **_file(files / "missing.pt")).error
    assert error["kind"] == "unknown_model"
    assert "does not exist" in error["message"]


def test_weights_decide_the_answer(export: Server, files: Path) -> None:
    answers = [_weighted(export, files / name) for name in STATES]
    outputs = [(answer.folder / "cases/ones/output.output.npy").read_bytes() for answer in answers]
    random = export("misbehaving.py:Straight", "Nx8", model_args={"features": 8})
    assert len(set(outputs)) == 1
    assert (random.folder / "cases/ones/output.output.npy").read_bytes() not in outputs
    assert str(files / "state.pt") in answers[0].ok["files"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.pt", "does not exist"),
        ("empty.pt", "is empty"),
        ("text.pt", "text.pt"),
        ("script.pt", "TorchScript"),
        ("list.pt", "does not hold a state_dict but list"),
        ("misfit.pt", "is the state_dict of another model"),
        ("misfit.pt", "missing: linear.weight, linear.bias; unexpected: weight, bias"),
    ],
)
def test_weights_that_do_not_fit(export: Server, files: Path, name: str, words: str) -> None:
    error = _weighted(export, files / name).error
    assert error["kind"] == "bad_weights"
    assert words in error["message"]


def test_weights_of_another_shape(export: Server, files: Path) -> None:
    other = export("misbehaving.py:Straight", "Nx9", model_args={"features": 9}, weights=str(files / "state.pt"))
    assert "linear.weight (2x8 in the file, 2x9 in the model)" in other.error["message"]


def test_default_weights_of_the_users_own_model(export: Server) -> None:
    assert export("branches.py:Straight", "Nx8", weights="DEFAULT").error["kind"] == "bad_weights"


def test_a_full_disk(export: Server) -> None:
    error = export("misbehaving.py:Straight", "Nx8", model_args={"features": 8}, largest_file=2000).error
    assert error["kind"] == "write_failed"


def test_an_output_folder_that_is_none(export: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = export("branches.py:Straight", "Nx8", output=str(tmp_path / "file" / "out")).error
    assert error["kind"] == "write_failed"
