"""Dtypes, layouts and calls at the door: taken as they are, or refused by name before anything runs."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e
_DOORS = Path(__file__).parent / "models" / "doors.py"


def _exported(export: Server, folder: Path, model: str, example: str) -> Answer:
    shutil.copy(_DOORS, folder / "doors.py")
    code = f"from doors import EXAMPLES, {model}\n\ndef example_inputs():\n    return EXAMPLES[{example!r}]()\n"
    (folder / "door.py").write_text(code)
    return export(f"door.py:{model}", source={"kind": "file", "path": str(folder / "door.py"), "attribute": model})


def test_an_image_of_sixteen_bits(export: Server, tmp_path: Path) -> None:
    answer = _exported(export, tmp_path, "Depth", "Depth")
    assert answer.shape("inputs", "depth") == "uint16[N,1,depth_dim2,depth_dim3]"
    (first,) = answer.folder.glob("cases/example*/input.depth.npy")
    image = np.load(io.BytesIO(first.read_bytes()))
    assert image.dtype == np.uint16
    assert image.ravel()[:2].tolist() == [60000, 60001]


def test_unsigned_numbers_in_and_out_are_numpys(export: Server, tmp_path: Path) -> None:
    answer = _exported(export, tmp_path, "Unsigned", "Unsigned")
    (case,) = answer.folder.glob("cases/example*")
    read = {path.stem: np.load(path) for path in case.glob("*.npy")}
    assert [str(read[name].dtype) for name in ("input.small", "input.large")] == ["uint16", "uint64"]
    assert [str(read[f"output.{place}"].dtype) for place in range(3)] == ["uint16", "uint32", "uint64"]
    assert read["output.2"].tolist() == read["input.large"][::-1].tolist()


def test_unsigned_numbers_are_asked_for_by_name(export: Server) -> None:
    assert export("doors.py:Depth", "depth=Nx1x8x8:uint16").shape("inputs", "depth") == "uint16[N,1,8,8]"


@pytest.mark.parametrize(
    ("example", "named", "way_out"),
    [
        ("csr", "a sparse tensor (sparse_csr)", "graph.to_sparse_csr()"),
        ("coo", "a sparse tensor (sparse_coo)", "graph.to_sparse()"),
        ("nested", "a nested tensor", "torch.nested.as_nested_tensor"),
    ],
)
def test_a_layout_that_npy_cannot_hold_is_refused_by_name(
    export: Server, tmp_path: Path, example: str, named: str, way_out: str
) -> None:
    error = _exported(export, tmp_path, "Multiplied", example).error
    assert error["kind"] == "bad_input"
    assert f"gives graph as {named}" in error["message"]
    assert way_out in error["hint"]


@pytest.mark.parametrize("model", ["Nothing", "NothingOfSeveral"])
def test_a_model_without_any_input(export: Server, tmp_path: Path, model: str) -> None:
    answer = _exported(export, tmp_path, model, "Nothing")
    assert answer.ok["signature"]["inputs"] == []
    assert answer.outputs() == ["float32[3,2]"]


def test_a_tuple_of_lengths(export: Server, tmp_path: Path) -> None:
    answer = _exported(export, tmp_path, "Lengths", "Lengths")
    assert answer.outputs() == ["float32[]"]
    assert [answer.shape("inputs", f"sizes.{place}") for place in (0, 1)] == ["int", "int"]
