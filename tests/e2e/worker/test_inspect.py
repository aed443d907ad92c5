"""What the worker tells of TorchScript files, made by torch."""

from __future__ import annotations

import json
import pickle
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

SCHEMA = Path(__file__).parents[3] / "docs/reference/inspect.schema.json"
pytestmark = pytest.mark.e2e

MAKE = """
import sys, torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.second.weight = self.first.weight
        self.register_buffer("scale", torch.ones(5, dtype=torch.float64))
        self.plain = torch.ones(7)
    @torch.jit.export
    def twice(self, x, times: int = 2):
        return self.forward(x) * times
    def forward(self, x):
        if x.sum() > 0:
            return torch.relu(self.first(x))
        return self.second(x) + self.plain.sum()
head = "tsgen-signature\\t1\\nmodel\\tnet\\ntorch\\t2.0.1\\n"
text = head + "input\\tx\\tfloat32\\tN,4\\noutput\\toutput\\tfloat32\\tN,4\\n"
torch.jit.save(torch.jit.script(Net()), "net.pt", _extra_files={"signature.tsgen": text})
torch.save(Net().state_dict(), "state.pt")
try:
    packed = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 2)), {nn.Linear})
    torch.jit.save(torch.jit.script(packed), "packed.pt")
except RuntimeError:
    pass
library = torch.library.Library("corpus", "DEF")
library.define("scale(Tensor x, float by) -> Tensor")
library.impl("scale", lambda x, by: x * by, "CPU")
class Custom(nn.Module):
    def forward(self, x):
        return torch.relu(torch.ops.corpus.scale(x, 2.0))
torch.jit.save(torch.jit.trace(Custom(), torch.ones(2)), "custom.pt")
try:
    from torchvision.ops import nms
except ImportError:
    pass
else:
    class Suppress(nn.Module):
        def forward(self, boxes, scores):
            return nms(boxes, scores, 0.5)
    torch.jit.save(torch.jit.script(Suppress()), "nms.pt")
"""


@pytest.fixture(scope="module")
def files(model_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspected")
    (folder / "make.py").write_text(MAKE)
    subprocess.run([model_python, "-W", "ignore", "make.py"], cwd=folder, check=True, capture_output=True)
    whole = (folder / "net.pt").read_bytes()
    (folder / "empty.pt").touch()
    (folder / "truncated.pt").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture(scope="module")
def ask(export: Server, files: Path) -> Any:
    def inspect(name: str, **words: Any) -> Answer:
        return export("net.pt", action="inspect", path=str(files / name), **words)

    return inspect


@pytest.fixture(scope="module")
def answered(ask: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask("net.pt", code=True, text=True, graph=True).ok
    return found


@pytest.fixture(scope="module")
def net(answered: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answered["inspection"]
    return found


def named(tables: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in tables}


def test_methods_are_told_with_their_schemas(net: dict[str, Any]) -> None:
    methods = named(net["methods"])
    assert list(methods) == ["forward", "twice"]
    assert methods["twice"]["schema"] == "twice(x: Tensor, times: int = 2) -> Tensor"


def test_the_signature_of_tsgen_is_read(net: dict[str, Any]) -> None:
    assert net["produced_by"]["torch_version"] == "2.0.1"
    forward = named(net["methods"])["forward"]
    assert forward["described_by"] == "signature.tsgen"
    assert forward["inputs"][0]["shape"] == ["N", 4]


def test_shared_bytes_count_once(net: dict[str, Any]) -> None:
    modules, tensors = named(net["submodules"]), named(net["tensors"])
    assert modules[""]["parameters"] == 16 + 4 + 4
    assert modules["second"]["parameters"] == 16 + 4
    assert modules[""]["dtypes"] == {"float32": 24 * 4, "float64": 5 * 8}
    assert tensors["first.weight"]["storage"] == tensors["second.weight"]["storage"] != tensors["scale"]["storage"]
    assert net["archive"]["data"] == 24 * 4 + 5 * 8 + 7 * 4  # the plain attribute too


def test_operators_are_counted_through_the_submodules(net: dict[str, Any]) -> None:
    operators = named(net["operators"])
    assert operators["aten::linear"]["count"] == 4  # two branches in each of two methods
    assert operators["aten::linear"]["in_libtorch"]
    assert "prim::Constant" not in operators


def test_code_and_graph_are_those_of_each_method(net: dict[str, Any]) -> None:
    code = {(each["module"], each["method"]): each["text"] for each in net["code"]}
    assert "torch.linear" in code["first", "forward"]
    assert "self.forward" in code["", "twice"].replace("(self).forward", "self.forward")
    assert "aten::linear" in net["graph"][0]["text"]


def test_graphs_keep_the_calls_of_submodules(answered: dict[str, Any]) -> None:
    graphs = {(each["module"], each["method"]): each["body"] for each in answered["graphs"]}
    assert set(graphs) == {("", "forward"), ("", "twice"), ("first", "forward"), ("second", "forward")}
    choice = next(step for step in graphs["", "forward"]["steps"] if step["blocks"])
    calls = [step["call"] for block in choice["blocks"] for step in block["steps"] if step["call"]]
    assert calls == [["first", "forward"], ["second", "forward"]]
    linear = graphs["first", "forward"]["steps"][0]
    assert [value for _, value in linear["arguments"]][1:] == ["self.weight", "self.bias"]
    assert choice["source"].startswith("make.py:")


def test_packed_weights_are_loaded_too(ask: Any, files: Path) -> None:
    """They cannot be on the meta device."""
    if not (files / "packed.pt").exists():
        pytest.skip("this torch has no engine for quantized models")
    found = ask("packed.pt").ok["inspection"]
    assert named(found["operators"])["quantized::linear_dynamic"]["in_libtorch"]
    assert found["archive"]["data"] > 0


def test_an_unknown_operator_is_named_and_the_archive_still_read(ask: Any) -> None:
    answer = ask("custom.pt", code=True, graph=True).ok
    found = answer["inspection"]
    assert not found["loaded"]
    assert found["missing_operators"] == ["corpus::scale"]
    operators = named(found["operators"])
    assert operators["aten::relu"]["count"] == 1
    assert not operators["corpus::scale"]["registered"]
    assert any("ops.corpus.scale" in each["text"] for each in found["code"])
    assert answer["graphs"] == []


def test_torchvision_is_loaded_for_its_operators(ask: Any, files: Path) -> None:
    if not (files / "nms.pt").exists():
        pytest.skip("no torchvision")
    found = ask("nms.pt").ok["inspection"]
    assert found["loaded"]
    nms = named(found["operators"])["torchvision::nms"]
    assert nms["registered"]
    assert not nms["in_libtorch"]


def test_a_library_that_is_none_is_refused(ask: Any, files: Path) -> None:
    error = ask("custom.pt", op_libraries=[str(files / "make.py")]).error
    assert "make.py" in error["message"]


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("no.pt", "unknown_model", "does not exist"),
        ("empty.pt", "bad_file", "is empty"),
        ("truncated.pt", "bad_file", "truncated or damaged"),
        ("state.pt", "bad_file", "weights, not TorchScript"),
        ("make.py", "bad_file", "not a TorchScript archive"),
        (".", "bad_file", "is a folder"),
    ],
)
def test_what_is_no_torchscript_is_refused(ask: Any, name: str, kind: str, words: str) -> None:
    error = ask(name).error
    assert error["kind"] == kind
    assert words in error["message"]


def test_nothing_is_unpickled(ask: Any, files: Path) -> None:
    """A pickle that writes a file when it is read, where torch.save keeps its own."""

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return ((files / "was_here").touch, ())

    with zipfile.ZipFile(files / "net.pt") as whole, zipfile.ZipFile(files / "evil.pt", "w") as changed:
        for name in whole.namelist():
            content = pickle.dumps(Evil()) if name.endswith("data.pkl") else whole.read(name)
            changed.writestr(name, content)
    error = ask("evil.pt").error
    assert error["kind"] == "bad_file"
    assert not (files / "was_here").exists()


def test_another_action_is_of_another_version(export: Server) -> None:
    answer = export("net.pt", action="bake")
    assert answer.error["message"].endswith("not bake")


def test_the_command_tells_and_draws_a_real_file(files: Path, tsgen: Any, tmp_path: Path) -> None:
    dot = tmp_path / "net.dot"
    ended = tsgen("inspect", files / "net.pt", "--json", "--graph-dot", dot)
    assert ended.status == 0, ended.stderr
    document = ended.document
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["produced_by"]["torch_version"] == "2.0.1"
    assert document["drawings"] == [str(dot)]
    text = dot.read_text(encoding="utf-8")
    assert "linear" in text
    assert "first.forward" in text
