"""`tsgen inspect` as a user meets it; the worker's answer is given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tsgen.model import inspect as looking
from tsgen.system import codec
from tsgen.toolchain import interpreter
from tsgen.worker.messages.inspection import (
    Block,
    GraphText,
    InspectAnswer,
    Inspection,
    MethodGraph,
    MethodSeen,
    OperatorSeen,
    Producer,
    SourceSeen,
    Step,
    Submodule,
    TensorSeen,
    Value,
)

if TYPE_CHECKING:
    from tsgen.worker.messages.inspection import InspectRequest

    from .conftest import Tsgen

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/inspect.schema.json").read_text(encoding="utf-8"))
X = Value("x", "tensor", dtype="float32", shape=("N", 3))
OUTPUT = Value("output", "tensor", dtype="float32", shape=("N",))
WRITTEN = MethodSeen("forward", "", "signature.tsgen", (X,), (OUTPUT,), {"N": 2})
DECLARED = MethodSeen(
    "forward",
    "forward(x: Tensor, k: int = 1) -> Tensor",
    "schema",
    (Value("x", type="Tensor"), Value("k", type="int", default="1")),
    (Value("", type="Tensor"),),
)
MADE = Producer("2.14.1", "net.py:Net", "trace", 3)
RELU = Step("aten::relu", "relu", (("self", "%x"),), (("%y", "Tensor"),), "net.py:3", None, ())
GRAPH = MethodGraph("", "Net", "forward", Block((("%x", "Tensor"),), (RELU,), ("%y",)))


def submodule(name: str) -> Submodule:
    return Submodule(name, "Linear", parameters=6, buffers=0, bytes=24, dtypes={"float32": 24})


def operator(name: str, count: int = 1, *, own: bool = True) -> OperatorSeen:
    return OperatorSeen(name, count, in_libtorch=own, registered=True)


SEEN = Inspection(
    file=Path("model.pt"),
    bytes=5000,
    loaded=True,
    missing_operators=(),
    read_by="2.14.1+cu130",
    class_name="Net",
    produced_by=Producer("", "", "", 3),
    methods=(DECLARED,),
    tensors=(TensorSeen("fc.weight", "parameter", "float32", (2, 3), 24, 0),),
    submodules=(submodule(""), submodule("fc"), submodule("fc.inner")),
    operators=(operator("aten::relu", 4), operator("corpus::scale", own=False)),
    archive={"code": 100, "data": 24, "constants": 0, "extra": 0, "other": 9},
)


def answer(*graphs: MethodGraph, **changes: Any) -> InspectAnswer:
    return InspectAnswer(replace(SEEN, **changes), graphs)


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
        monkeypatch.setattr(interpreter, "find", lambda *_: self.python)
        monkeypatch.setattr(looking, "ask", self._ask)

    def _ask(self, action: str, request: InspectRequest, *_: object) -> dict[str, Any]:
        self.asked = {"action": action, **codec.plain(request)}
        return dict(codec.plain(self.answer))


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
    world.answer = answer(methods=(WRITTEN,), produced_by=MADE)
    assert tsgen("inspect", str(world.file)) == 0
    assert "forward(x: float32[N,3]) -> output: float32[N]" in tsgen.out
    assert "torch 2.14.1 · file version 3" in tsgen.out
    assert "net.py:Net · Net · trace" in tsgen.out
    assert tsgen("inspect", str(world.file), "--json") == 0
    assert tsgen.document["methods"][0]["described_by"] == "signature.tsgen"


def test_what_a_program_must_know_is_told(tsgen: Tsgen, world: World) -> None:
    remarks = ("quantized engine fbgemm", "keeps state from call to call")
    world.answer = answer(produced_by=replace(MADE, remarks=remarks))
    assert tsgen("inspect", str(world.file)) == 0
    assert "quantized engine fbgemm · keeps state" in tsgen.out


def test_all_shows_what_was_left_out(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(operators=tuple(operator(f"aten::op{n}") for n in range(30)))
    assert tsgen("inspect", str(world.file)) == 0
    assert "op29" not in tsgen.out
    assert "and 20 more" in tsgen.out
    assert tsgen("inspect", str(world.file), "--all") == 0
    assert "op29" in tsgen.out
    assert "fc.inner" in tsgen.out
    assert "float32[2,3]" in tsgen.out


def test_plain_inspect_fits_on_a_screen(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(
        submodules=(submodule(""), *(submodule(f"layer{n}") for n in range(200))),
        operators=tuple(operator(f"aten::op{n}") for n in range(200)),
    )
    assert tsgen("inspect", str(world.file)) == 0
    assert len(tsgen.out.splitlines()) <= 24


def test_nested_values_stand_one_below_the_other(tsgen: Tsgen, world: World) -> None:
    values = (Value("images", "list"), replace(X, name="images.*"), Value("k", "constant", type="int", constant=3))
    world.answer = answer(methods=(replace(WRITTEN, inputs=values),))
    assert tsgen("inspect", str(world.file)) == 0
    assert [line.split() for line in tsgen.out.splitlines() if line.strip().startswith(("in ", "out "))] == [
        ["in", "images", "list"],
        ["in", "images.*", "float32[N,3]"],
        ["in", "k", "int", "=", "3"],
        ["out", "output", "float32[N]"],
    ]


def test_code_that_was_shown_is_only_named_again(tsgen: Tsgen, world: World) -> None:
    code = tuple(SourceSeen(name, "Linear", "forward", "def forward(x):\n  return x") for name in "ab")
    world.answer = answer(code=code)
    assert tsgen("inspect", str(world.file), "--code") == 0
    assert world.asked["code"]
    assert tsgen.out.count("return x") == 1
    assert "# the same as a.forward" in tsgen.out


def test_graph_is_printed(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(graph=(GraphText("forward", "graph(%x):\n  return (%x)"),))
    assert tsgen("inspect", str(world.file), "--graph") == 0
    assert world.asked["text"]
    assert "    graph(%x):" in tsgen.out


def test_graphs_are_drawn_to_the_named_file(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(GRAPH)
    dot = tmp_path / "g.dot"
    assert tsgen("inspect", str(world.file), "--graph-dot", str(dot)) == 0
    assert world.asked["graph"]
    assert dot.read_text(encoding="utf-8").startswith('digraph "Net" {')


def test_a_place_that_cannot_be_written_is_said(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(GRAPH)
    (tmp_path / "file").touch()
    assert tsgen("inspect", str(world.file), "--graph-dot", str(tmp_path / "file" / "g.dot")) == 4
    assert "a part of its path is a file" in tsgen.err


UNLOADED = {
    "loaded": False,
    "missing_operators": ("corpus::scale",),
    "class_name": "",
    "methods": (),
    "tensors": (),
    "submodules": (),
}


def test_a_missing_operator_is_named_and_ends_with_code_4(tsgen: Tsgen, world: World) -> None:
    world.answer = answer(**{**UNLOADED, "methods": (WRITTEN,)})
    assert tsgen("inspect", str(world.file)) == 4
    assert "corpus::scale: no such operator" in tsgen.out
    assert "--op-library" in tsgen.out
    assert "forward(x: float32[N,3]) -> output: float32[N]" in tsgen.out  # its text needs no torch


def test_what_is_not_loaded_is_not_drawn(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    world.answer = answer(**UNLOADED)
    assert tsgen("inspect", str(world.file), "--graph-dot", str(tmp_path / "g.dot")) == 4
    assert "cannot be drawn" in tsgen.out
    assert not (tmp_path / "g.dot").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"methods": (WRITTEN,), "produced_by": MADE},
        UNLOADED,
        {"code": (SourceSeen("", "Net", "forward", "def"),), "graph": (GraphText("forward", "graph"),)},
    ],
)
def test_json_is_one_document_with_a_schema(tsgen: Tsgen, world: World, changes: dict[str, Any]) -> None:
    world.answer = answer(**changes)
    tsgen("inspect", str(world.file), "--json")
    document = json.loads(tsgen.out)
    jsonschema.validate(document, SCHEMA)
    assert document["operators"][0]["name"] == "aten::relu"


def test_every_part_of_an_inspection_is_described() -> None:
    assert set(SCHEMA["$defs"]["Inspection"]["properties"]) == set(Inspection.__dataclass_fields__)
