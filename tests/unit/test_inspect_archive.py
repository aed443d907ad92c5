"""What the worker tells of a TorchScript file without torch: its archive, and the signature in it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from tsgen.worker.inspect import archive, signed
from tsgen.worker.messages import Writes
from tsgen.worker.messages.inspection import Value
from tsgen.worker.operators import foreign

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "tsgen-signature\t1\nmodel\tmy net\nmethod\ttrace\ntorch\t2.14.1\ndim\tN\t2\ninput\tx\tfloat32\tN,3\n"
SECOND = """\
tsgen-signature\t2
model\tdetector
dim\tN\t2
input\timages\tlist
input\timages.*\ttensor\tfloat32\t3,H,W
input\tmask\ttensor?\tbool\t?
input\tk\tint
output\t\trecord\tHead%20Output
output\tlogits\ttensor\tfloat32\t
output\tversion\tconstant\tint\t3
writes\tstate\thead.a%20grid
writes\tinput\timages.*
entry\tencode
input\tx\ttensor\tfloat32\tN,3
output\toutput\ttensor\tfloat32\tN
"""


def test_the_first_format_has_tensors_only() -> None:
    found = signed.parse(FIRST)
    assert found
    assert found.words == {"model": ["my net"], "method": ["trace"], "torch": ["2.14.1"]}
    forward = found.entries["forward"]
    assert forward.dims == {"N": 2}
    assert forward.inputs == [Value("x", "tensor", dtype="float32", shape=("N", 3))]


def test_the_second_format_has_groups_numbers_and_what_may_be_left_out() -> None:
    found = signed.parse(SECOND)
    assert found
    images, image, mask, k = found.entries["forward"].inputs
    assert (images.kind, image.name, image.shape) == ("list", "images.*", (3, "H", "W"))
    assert (mask.kind, mask.optional, mask.shape) == ("tensor", True, None)
    assert k == Value("k", "int")
    root, logits, version = found.entries["forward"].outputs
    assert (root.name, root.type) == ("", "Head Output")
    assert logits.shape == ()
    assert (version.type, version.constant) == ("int", 3)


def test_what_comes_after_an_entry_belongs_to_that_method() -> None:
    found = signed.parse(SECOND)
    assert found
    forward, encode = found.entries.values()
    assert [value.name for value in encode.outputs] == ["output"]
    assert "output" not in [value.name for value in forward.outputs]
    assert not encode.writes


def test_what_a_call_writes_is_read() -> None:
    found = signed.parse(SECOND)
    assert found
    assert found.entries["forward"].writes == Writes(state=("head.a grid",), inputs=("images.*",))


@pytest.mark.parametrize(
    "text", ["", "hello", "tsgen-signature\t9\n", "tsgen-signature\t2\ninput\n", FIRST + "dim\tN\tx"]
)
def test_a_text_that_is_no_signature_is_none(text: str) -> None:
    assert signed.parse(text) is None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.pt"
    code = "def forward(self, x):\n  y = torch.relu(x)\n  return ops.corpus.scale(torch.relu(y), 2.) + mytorch.no(x)\n"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("model/version", "3\n")
        written.writestr("model/code/__torch__.py", code)
        written.writestr("model/code/__torch__.py.debug_pkl", b"\x80\x02")
        written.writestr("model/data/0", bytes(12))
        written.writestr("model/constants/0", bytes(5))
        written.writestr("model/extra/signature.tsgen", FIRST)
    return path


def test_operators_are_counted_in_the_source(file: Path) -> None:
    assert archive.read(file).calls() == {"aten::relu": 2, "corpus::scale": 1}


def test_sizes_and_file_version_are_those_of_the_archive(file: Path) -> None:
    found = archive.read(file)
    assert (found.sizes["data"], found.sizes["constants"], found.sizes["other"]) == (12, 5, 2)
    assert found.file_version == 3
    assert found.signature == FIRST


@pytest.mark.parametrize(
    ("name", "text", "version"), [(".data/version", "7", 7), ("version", "x", None), ("no", "3", None)]
)
def test_a_version_is_told_only_where_there_is_one(tmp_path: Path, name: str, text: str, version: int | None) -> None:
    with zipfile.ZipFile(tmp_path / "a.pt", "w") as written:
        written.writestr(f"a/{name}", text)
    assert archive.read(tmp_path / "a.pt").file_version == version


def test_a_function_of_a_python_package_called_ops_is_no_operator(tmp_path: Path) -> None:
    """Torchvision's own Python functions lie in `torchvision.ops`."""
    code = "  x = __torch__.torchvision.ops.boxes.nms(b, s, 0.5, )\n  y = ops.torchvision.nms(b, s, 0.5)\n"
    with zipfile.ZipFile(tmp_path / "a.pt", "w") as written:
        written.writestr("a/code/__torch__.py", code)
    assert foreign.foreign_operators(tmp_path / "a.pt") == ["torchvision::nms"]
    assert archive.read(tmp_path / "a.pt").calls() == {"torchvision::nms": 1}
