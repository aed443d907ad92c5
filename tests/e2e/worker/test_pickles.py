"""Nothing of a file runs while it is read or recognised, at no door, unless --unsafe-pickle asks for it."""

from __future__ import annotations

import io
import pickle
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e
_WORKER = Path(__file__).parents[3] / "generator/tsgen/worker"
_NET = {"path": "net.py", "kind": "file", "attribute": "Net"}
_MAKE = """
import torch
from net import Net
state = Net().state_dict()
torch.save(state, "state.pt")
torch.save({"state_dict": state, "epoch": 3}, "training.ckpt")
torch.jit.save(torch.jit.script(Net()), "script.pt")
batch = torch.export.Dim("batch")
torch.export.save(torch.export.export(Net(), (torch.ones(2, 4),), dynamic_shapes=({0: batch},)), "net.pt2")
"""
_CLASS = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(4, 3)
    def forward(self, x):
        return self.layer(x).relu()
"""


class _Writes:
    """Harmless, and not to be read: its unpickling makes an empty file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.path), "w")


@pytest.fixture(scope="module")
def files(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pickles")
    (folder / "net.py").write_text(_CLASS)
    subprocess.run([str(model_python), "-W", "ignore", "-c", _MAKE], cwd=folder, check=True, capture_output=True)
    return folder


def _as_model(export: Server, files: Path, path: Path, **changes: Any) -> Answer:
    del files
    return export(path.name, "Nx4", source={"kind": "torchscript", "path": str(path)}, **changes)


def _as_weights(export: Server, files: Path, path: Path, **changes: Any) -> Answer:
    source = {**_NET, "path": str(files / "net.py")}
    return export("net.py:Net", "Nx4", source=source, weights=str(path), method="trace", **changes)


def _inspected(export: Server, files: Path, path: Path) -> Answer:
    del files
    return export.asked({"format": 2, "action": "inspect", "path": str(path), "code": True, "text": True})


DOORS = {"model": _as_model, "weights": _as_weights, "inspect": _inspected}


def _entries(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def _with(path: Path, name: str, contents: bytes, target: Path) -> None:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, contents if entry.filename == name else old.read(entry))


@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("model", "script.pt"),
        ("inspect", "script.pt"),
        ("model", "net.pt2"),
        ("weights", "state.pt"),
        ("weights", "training.ckpt"),
    ],
)
def test_a_pickle_in_the_place_of_any_entry(export: Server, files: Path, tmp_path: Path, door: str, name: str) -> None:
    assert DOORS[door](export, files, files / name).ok
    marker, foul = tmp_path / "ran", tmp_path / name
    for entry in _entries(files / name):
        _with(files / name, entry, pickle.dumps(_Writes(marker), protocol=2), foul)
        answer = DOORS[door](export, files, foul)
        assert not marker.exists(), entry
        assert answer.response["ok"] or answer.error["kind"] in {"bad_file", "bad_weights", "unsafe"}


@pytest.mark.parametrize("door", list(DOORS))
@pytest.mark.parametrize("name", ["state.pt", "script.pt", "net.pt2"])
def test_a_pickle_at_a_door_that_is_not_its_own(
    export: Server, files: Path, tmp_path: Path, door: str, name: str
) -> None:
    """Recognised as another kind of file, or refused."""
    marker, foul = tmp_path / "ran", tmp_path / name
    for entry in _entries(files / name):
        if entry.endswith((".pkl", ".pt")):
            _with(files / name, entry, pickle.dumps(_Writes(marker), protocol=2), foul)
            assert DOORS[door](export, files, foul).error
            assert not marker.exists(), entry


def _tar(contents: bytes) -> bytes:
    """As torch saved before 2017: its reader of tensors fell for it until torch 2.6."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            info = tarfile.TarInfo(name)
            info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))
    return made.getvalue()


@pytest.mark.parametrize("door", list(DOORS))
@pytest.mark.parametrize("name", ["foul.pt", "foul.pt2", "foul.ckpt", "foul.safetensors", "foul.bin"])
def test_a_file_that_is_a_pickle_whatever_it_is_called(
    export: Server, files: Path, tmp_path: Path, door: str, name: str
) -> None:
    marker, foul = tmp_path / "ran", tmp_path / name
    old, usual = (pickle.dumps(_Writes(marker), protocol=protocol) for protocol in (0, 2))
    for written in (old, usual * 5, _tar(usual)):
        foul.write_bytes(written)
        assert DOORS[door](export, files, foul).error
        assert not marker.exists()


def test_what_is_asked_for_with_unsafe_pickle_runs(export: Server, files: Path, tmp_path: Path) -> None:
    """Or the markers of the other tests would prove nothing."""
    marker, foul = tmp_path / "ran", tmp_path / "foul.pt"
    _with(files / "state.pt", "state/data.pkl", pickle.dumps(_Writes(marker), protocol=2), foul)
    assert _as_weights(export, files, foul).error["kind"] == "unsafe"
    assert not marker.exists()
    assert _as_weights(export, files, foul, unsafe_pickle=True).error["kind"] == "bad_weights"
    assert marker.exists()


_READ = """
import importlib, pickle, runpy, sys
runpy.run_path(sys.argv[1] + "/__main__.py", run_name="registered")["_register"]()
import torch
pickles = importlib.import_module("tsgen_worker.host.pickles")
with pickles.only_tensors() as refused:
    state = torch.load("state.pt", weights_only=False)
    for read in (pickle.loads, lambda data: pickle._Unpickler(__import__("io").BytesIO(data)).load()):
        try:
            read(open(sys.argv[2], "rb").read())
        except pickle.UnpicklingError as error:
            print(error)
print(sorted(state), refused)
pickle.loads(open(sys.argv[2], "rb").read())
"""


def test_a_library_that_unpickles_whole_gets_tensors_alone(files: Path, model_python: Path, tmp_path: Path) -> None:
    """What older releases of torch and transformers do with a file."""
    marker, foul = tmp_path / "ran", tmp_path / "foul.pkl"
    foul.write_bytes(pickle.dumps(_Writes(marker)))
    command = [str(model_python), "-W", "ignore", "-c", _READ, str(_WORKER), str(foul)]
    done = subprocess.run(command, cwd=files, check=True, capture_output=True, encoding="utf-8")
    said = done.stdout.splitlines()
    assert said[:2] == ["it names io.open, which is no part of a tensor"] * 2
    assert said[2] == "['layer.bias', 'layer.weight'] ['io.open', 'io.open']"
    assert marker.exists()  # afterwards, as its own last line asks


def test_weights_in_a_folder_of_transformers(export: Server, files: Path, model_python: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    code = (
        "import torch, transformers\n"
        "config = transformers.BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1,\n"
        "                                 intermediate_size=8, vocab_size=16)\n"
        "model = transformers.BertModel(config)\n"
        "config.architectures = ['BertModel']\n"
        "config.save_pretrained('bert')\n"
        "torch.save(model.state_dict(), 'bert/pytorch_model.bin')\n"
    )
    subprocess.run([str(model_python), "-W", "ignore", "-c", code], cwd=tmp_path, check=True, capture_output=True)
    folder = tmp_path / "bert"
    source = {"kind": "hf_folder", "path": str(folder)}
    assert export("hf:bert", "input_ids=Nx4:int64", source=source, method="trace").ok
    marker = tmp_path / "ran"
    whole = folder / "pytorch_model.bin"
    whole.rename(tmp_path / "whole.bin")
    _with(tmp_path / "whole.bin", "pytorch_model/data.pkl", pickle.dumps(_Writes(marker), protocol=2), whole)
    assert export("hf:bert", "input_ids=Nx4:int64", source=source).error["kind"] in {"bad_weights", "unsafe"}
    assert not marker.exists()
    del files
