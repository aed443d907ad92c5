"""`tsgen inspect` as a user meets it; the worker's answer is given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tsgen import interpreter
from tsgen.model import inspect as looking
from tsgen.types.inspection import Inspection

if TYPE_CHECKING:
    from .conftest import Tsgen

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/inspect.schema.json").read_text(encoding="utf-8"))
X = {"name": "x", "kind": "tensor", "optional": False, "dtype": "float32", "shape": ["N", 3]}
SIGNATURE = {
    "words": {"torch": ["2.14.1"], "model": ["net.py:Net"], "method": ["trace"]},
    "inputs": [X],
    "outputs": [{**X, "name": "output", "shape": ["N"]}],
    "dims": {"N": 2},
    "methods": {},
}
DECLARED = {
    "name": "forward",
    "schema": "forward(x: Tensor, k: int = 1) -> Tensor",
    "inputs": [
        {"name": "x", "type": "Tensor", "default": None},
        {"name": "k", "type": "int", "default": "1"},
    ],
    "outputs": [{"name": "", "type": "Tensor"}],
}
NODE = {
    "operator": "aten::relu",
    "label": "relu",
    "inputs": [{"name": "self", "value": "%x"}],
    "outputs": [{"name": "%y", "type": "Tensor"}],
    "call": None,
    "source": "net.py:3",
    "blocks": [],
}
GRAPH = {
    "module": "",
    "class": "Net",
    "method": "forward",
    "inputs": [{"name": "%x", "type": "Tensor"}],
    "nodes": [NODE],
    "outputs": ["%y"],
}


def submodule(name: str) -> dict[str, Any]:
    return {"name": name, "class": "Linear", "parameters": 6, "buffers": 0, "bytes": 24, "dtypes": {"float32": 24}}


def operator(name: str, count: int = 1, *, own: bool = True) -> dict[str, Any]:
    return {"name": name, "count": count, "in_libtorch": own, "registered": True}


def answer(**changes: Any) -> dict[str, Any]:
    return {
        "ok": True,
        "loaded": True,
        "missing_operators": [],
        "bytes": 5000,
        "file_version": 3,
        "archive": {"code": 100, "data": 24, "constants": 0, "extra": 0, "other": 9},
        "read_by": "2.14.1+cu130",
        "signature": None,
        "class": "Net",
        "methods": [DECLARED],
        "tensors": [
            {"name": "fc.weight", "kind": "parameter", "dtype": "float32", "shape": [2, 3], "bytes": 24, "storage": 0}
        ],
        "modules": [submodule(""), submodule("fc"), submodule("fc.inner")],
        "operators": [operator("aten::relu", 4), operator("corpus::scale", own=False)],
        "code": None,
        "text": None,
        "graphs": None,
        **changes,
    }


class World:
    """A file, a Python that has torch, and what the worker will answer."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = tmp_path / "model.pt"
        self.file.touch()
        self.asked: dict[str, Any] = {}
        self.answer = answer()
        found = interpreter.Interpreter(
            executable=Path("python"), version="3.11", torch=Path("torch"), torch_version="2.14.1"
        )
        self.python = found
        monkeypatch.setattr(interpreter, "find", lambda _: self.python)
        monkeypatch.setattr(looking, "ask", self._ask)

    def _ask(self, message: dict[str, Any], _: object) -> dict[str, Any]:
        self.asked = message
        return self.answer


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_plain_inspect_says_what_the_schema_tells(tsgen: Tsgen, world: World) -> None:
    assert tsgen("inspect", str(world.file)) == 0
    assert "forward(x: Tensor, k: int = 1) -> Tensor" in tsgen.out
    assert "file version 3, which does not tell the torch that wrote it" in tsgen.out
    assert "corpus (not in LibTorch): scale 1" in tsgen.out
    assert "1 inside them: --all shows every one" in tsgen.out
    assert world.asked["action"] == "inspect"
    assert [world.asked[key] for key in ("code", "text", "graph")] == [False, False, False]


def test_tsgens_own_signature_says_more(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(signature=SIGNATURE)
    assert tsgen("inspect", str(world.file)) == 0
    assert "forward(x: float32[N,3]) -> output: float32[N]" in tsgen.out
    assert "torch 2.14.1 · file version 3" in tsgen.out
    assert "net.py:Net · Net · trace" in tsgen.out
    assert tsgen("inspect", str(world.file), "--json") == 0
    assert tsgen.document["methods"][0]["described_by"] == "signature.tsgen"


def test_what_a_program_must_know_is_told(tsgen: Tsgen, world: World) -> None:
    words = {"call": ["flat"], "engine": ["fbgemm"], "library": ["torchvision _C_stable.so"], "sequence": ["true"]}
    world.answer = answer(signature={**SIGNATURE, "words": words})
    assert tsgen("inspect", str(world.file)) == 0
    assert "quantized engine fbgemm · operator library torchvision _C_stable.so · keeps state" in tsgen.out
    assert "flat tensors" in tsgen.out


def test_all_shows_what_was_left_out(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(operators=[operator(f"aten::op{n}") for n in range(30)])
    assert tsgen("inspect", str(world.file)) == 0
    assert "op29" not in tsgen.out
    assert "and 20 more" in tsgen.out
    assert tsgen("inspect", str(world.file), "--all") == 0
    assert "op29" in tsgen.out
    assert "fc.inner" in tsgen.out
    assert "float32[2,3]" in tsgen.out


def test_plain_inspect_fits_on_a_screen(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(
        modules=[submodule(""), *(submodule(f"layer{n}") for n in range(200))],
        operators=[operator(f"aten::op{n}") for n in range(200)],
    )
    assert tsgen("inspect", str(world.file)) == 0
    assert len(tsgen.out.splitlines()) <= 24


def test_nested_values_stand_one_below_the_other(tsgen: Tsgen, world: World) -> None:
    nodes = [
        {"name": "images", "kind": "list", "optional": False},
        {**X, "name": "images.*"},
        {"name": "k", "kind": "constant", "type": "int", "value": 3, "optional": False},
    ]
    world.answer = answer(signature={**SIGNATURE, "inputs": nodes})
    assert tsgen("inspect", str(world.file)) == 0
    assert [line.split() for line in tsgen.out.splitlines() if line.strip().startswith(("in ", "out "))] == [
        ["in", "images", "list"],
        ["in", "images.*", "float32[N,3]"],
        ["in", "k", "int", "=", "3"],
        ["out", "output", "float32[N]"],
    ]


def test_code_that_was_shown_is_only_named_again(tsgen: Tsgen, world: World) -> None:
    code = [
        {"module": name, "class": "Linear", "method": "forward", "text": "def forward(x):\n  return x"} for name in "ab"
    ]
    world.answer = answer(code=code)
    assert tsgen("inspect", str(world.file), "--code") == 0
    assert world.asked["code"]
    assert tsgen.out.count("return x") == 1
    assert "# the same as a.forward" in tsgen.out


def test_graph_is_printed(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(text=[{"method": "forward", "text": "graph(%x):\n  return (%x)"}])
    assert tsgen("inspect", str(world.file), "--graph") == 0
    assert world.asked["text"]
    assert "    graph(%x):" in tsgen.out


def test_graphs_are_drawn_to_the_named_files(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(graphs=[GRAPH])
    dot, html = tmp_path / "g.dot", tmp_path / "g.html"
    assert tsgen("inspect", str(world.file), "--graph-dot", str(dot), "--graph-html", str(html)) == 0
    assert world.asked["graph"]
    assert dot.read_text(encoding="utf-8").startswith('digraph "Net" {')
    assert "net.py:3" in html.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_said(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(graphs=[GRAPH])
    (tmp_path / "file").touch()
    assert tsgen("inspect", str(world.file), "--graph-dot", str(tmp_path / "file" / "g.dot")) == 4
    assert "a part of its path is a file" in tsgen.err


UNLOADED = {
    "loaded": False,
    "missing_operators": ["corpus::scale"],
    "class": "",
    "methods": [],
    "tensors": [],
    "modules": [],
}


def test_a_missing_operator_is_named_and_ends_with_code_4(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(**UNLOADED, signature=SIGNATURE)
    assert tsgen("inspect", str(world.file)) == 4
    assert "corpus::scale: no such operator" in tsgen.out
    assert "--op-library" in tsgen.out
    assert "forward(x: float32[N,3]) -> output: float32[N]" in tsgen.out  # its text needs no torch


def test_what_is_not_loaded_is_not_drawn(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(**UNLOADED)
    assert tsgen("inspect", str(world.file), "--graph-html", str(tmp_path / "g.html")) == 4
    assert "cannot be drawn" in tsgen.out
    assert not (tmp_path / "g.html").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"signature": SIGNATURE},
        UNLOADED,
        {
            "code": [{"module": "", "class": "Net", "method": "forward", "text": "def"}],
            "text": [{"method": "forward", "text": "graph"}],
        },
    ],
)
def test_json_is_one_document_with_a_schema(tsgen: Tsgen, world: World, changes: dict[str, Any]) -> None:
    world.answer = answer(**changes)
    tsgen("inspect", str(world.file), "--json")
    document = json.loads(tsgen.out)
    jsonschema.validate(document, SCHEMA)
    assert document["operators"][0]["name"] == "aten::relu"


def test_a_project_or_its_model_folder_stands_for_its_file(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    file = tmp_path / "project" / "model" / "model.pt"
    file.parent.mkdir(parents=True)
    file.touch()
    for place in (tmp_path / "project", file.parent, file):
        assert tsgen("inspect", str(place)) == 0
        assert world.asked["path"] == str(file)


@pytest.mark.parametrize(("files", "hint"), [((), "name the TorchScript file"), (("tsgen.toml",), "tsgen build")])
def test_a_folder_without_a_model_is_a_wrong_word(
    tsgen: Tsgen, tmp_path: Path, files: tuple[str, ...], hint: str
) -> None:
    for name in files:
        (tmp_path / name).touch()
    assert tsgen("inspect", str(tmp_path)) == 2
    assert "holds no model.pt" in tsgen.err
    assert hint in tsgen.err


def test_a_missing_file_is_a_wrong_word(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("inspect", str(tmp_path / "no.pt")) == 2
    assert "no.pt does not exist" in tsgen.err


def test_without_torch_it_says_which_python_has_none(tsgen: Tsgen, world: World) -> None:
    world.python = replace(world.python, torch=None)
    assert tsgen("inspect", str(world.file)) == 6
    assert "--python" in tsgen.err


def test_an_operator_library_is_named_from_where_the_user_stands(
    tsgen: Tsgen, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tsgen("inspect", "model.pt", "--op-library", "libops.so") == 0
    assert world.asked["op_libraries"] == [str(tmp_path / "libops.so")]


def test_every_part_of_an_inspection_is_described() -> None:
    assert set(SCHEMA["$defs"]["Inspection"]["properties"]) == set(Inspection.__dataclass_fields__)
