"""What a model can be besides a class in a file: an exported program, a part of a package, an attribute of a class."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e
_MODELS = Path(__file__).parent / "models"


@pytest.fixture(scope="module")
def programs(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    code = f"import sys; sys.path.insert(0, {str(_MODELS)!r}); import no_classes; no_classes.write('.')"
    subprocess.run([str(model_python), "-W", "ignore", "-c", code], cwd=folder, check=True, capture_output=True)
    return folder


def _file(path: Path) -> dict[str, Any]:
    return {"source": {"kind": "torchscript", "path": str(path)}}


@pytest.mark.parametrize("name", ["exported", "Around", "Zoo.make", "Zoo.make_two", "Zoo.Inner", "zoo.make"])
def test_what_gives_a_model(export: Server, name: str) -> None:
    assert export(f"no_classes.py:{name}").outputs() == ["float32[N,2]"]


@pytest.mark.parametrize("name", ["Zoo.maker", "Zu.make"])
def test_a_dotted_name_that_is_not_there(export: Server, name: str) -> None:
    assert f"has no {name!r}" in export(f"no_classes.py:{name}").error["message"]


@pytest.mark.parametrize(("name", "shape"), [("net.pt2", "float32[N,2]"), ("positioned.pt2", "float32[4,8]")])
def test_an_exported_program_brings_its_example(export: Server, programs: Path, name: str, shape: str) -> None:
    shutil.copy(programs / name, programs / f"{name}.any")
    answer = export(name, **_file(programs / f"{name}.any"))
    assert answer.outputs() == [shape]
    assert answer.ok["files"] == [str(programs / f"{name}.any")]


def test_an_exported_program_takes_no_weights(export: Server, programs: Path) -> None:
    error = export("net.pt2", weights="some.pt", **_file(programs / "net.pt2")).error
    assert "is an exported program and carries its own weights" in error["message"]


def _changed(old: Path, new: Path, *pairs: tuple[str, bytes, bytes]) -> None:
    with zipfile.ZipFile(old) as whole, zipfile.ZipFile(new, "w") as archive:
        for entry in whole.infolist():
            contents = whole.read(entry)
            for end, here, there in pairs:
                if entry.filename.endswith(end):
                    assert here in contents
                    contents = contents.replace(here, there) if here else there
            archive.writestr(entry, contents)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (b"torch.ops.aten.add.Tensor", b"torch.hub.load"),
        (b"Symbol(", b"exec("),
        (b'"builtins.tuple\\\\"', b'"os.system\\\\"'),
    ],
)
def test_a_program_that_would_call_more_than_operators_is_not_read(
    export: Server, programs: Path, tmp_path: Path, here: bytes, there: bytes
) -> None:
    here, there = here.replace(b"\\\\", b"\\"), there.replace(b"\\\\", b"\\")
    _changed(programs / "positioned.pt2", tmp_path / "foul.pt2", ("models/model.json", here, there))
    assert export("foul.pt2", **_file(tmp_path / "foul.pt2")).error["kind"] == "unsafe"


def test_pickles_in_a_program_are_read_for_tensors_only(export: Server, programs: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    foul = pickle.dumps(_Writes(str(marker)), protocol=2)
    _changed(programs / "net.pt2", tmp_path / "foul.pt2", ("sample_inputs/model.pt", b"", foul))
    assert export("foul.pt2", **_file(tmp_path / "foul.pt2")).error["kind"] in {"bad_file", "unsafe"}
    assert not marker.exists()


class _Writes:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


_NET = """
import torch
from {of} import WIDTH
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(8, WIDTH)
    def forward(self, x):
        return self.layer(x)
"""


@pytest.mark.parametrize("of", [".sizes", "..sizes", "nets.sizes", "beside"])
def test_a_file_of_a_package_is_imported_as_a_part_of_it(export: Server, tmp_path: Path, of: str) -> None:
    deep = tmp_path / "src" / "nets" / "deep"
    deep.mkdir(parents=True)
    for folder in (deep, deep.parent):
        (folder / "__init__.py").touch()
        (folder / "sizes.py").write_text("WIDTH = 3\n")
    (deep / "beside.py").write_text("WIDTH = 3\n")
    (deep / "net.py").write_text(_NET.format(of=of))
    answer = export("net.py:Net", "Nx8", source={"kind": "file", "path": str(deep / "net.py"), "attribute": "Net"})
    assert answer.outputs() == ["float32[N,3]"]
    assert str(deep / "net.py") in answer.ok["files"]


def test_state_that_is_none_first_needs_no_annotation(export: Server) -> None:
    answer = export("no_classes.py:NoneFirst")
    assert (answer.ok["method"], answer.ok["sequence"]) == ("script", True)


def test_state_that_is_none_first_and_read_as_it_is_has_its_hint(export: Server) -> None:
    assert "read the attribute into a local variable" in export("no_classes.py:NoneFirstDict").error["hint"]
