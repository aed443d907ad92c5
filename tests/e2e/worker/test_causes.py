"""Why models fail on PyTorch's plain way (trace, save, load, run), each cause with the outcome that is right.

The models are the zoo's. The worker exports them, and the one compiled program of the tier proves what was exported;
two that it refuses are left to the export.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import run

from tsgen import model, operators
from tsgen.config import DEFAULT_TOLERANCES
from tsgen.model import manifest
from tsgen.model.inputs import parse_inputs
from tsgen.system import codec
from tsgen.types import Exported

if TYPE_CHECKING:
    from tests.e2e.conftest import Made

    from .conftest import Answer, Server

MODELS = Path(__file__).parents[2] / "zoo" / "models"
PROVEN = {
    "1 a dict at the output": ("dict_output", "trace", ["", "scores", "best", "all"]),
    "2 a nested cache": ("nested_cache", "", ["", "0", "1", "1.0", "1.0.0", "1.0.1", "1.1", "1.1.0", "1.1.1"]),
    "2 a list of dicts": ("list_in_dicts_out", "script", ["", "*", "*.scores", "*.labels"]),
    "2 constants and None": ("constants_out", "", ["", "answer", "version", "scale", "name", "nothing", "flag"]),
    "3 classes without source": ("generated_config", "trace", ["", "last", "pooled"]),
    "4 a branch": ("branch", "script", ["output"]),
    "4 a loop": ("loop", "script", ["output"]),
    "4 a number": ("number_frozen", "script", ["output"]),
    "4 an optional input": ("optional_mask", "script", ["output"]),
    "4 a list's length": ("list_frozen", "script", ["output"]),
    "5 torchvision's operators": ("nms", "", ["output"]),
    "6 attention": ("attention", "trace", ["", "0", "1"]),
    "7 keyword-only": ("keyword_only", "", ["output"]),
    "8 a whole number": ("int_argument", "", ["output"]),
    "8 a number": ("float_argument", "", ["output"]),
    "9 an ignored method": ("jit_ignore", "trace", ["output"]),
    "9 a parametrization": ("weight_norm", "trace", ["output"]),
    "9 words that TorchScript lacks": ("pythonic", "trace", ["output"]),
    "10 another quantized engine": ("quantized_static", "", ["output"]),
    "12 state": ("streaming", "script", ["output"]),
}
REFUSED = {
    "4 NumPy inside": ("numpy_inside", "numpy_inside.py"),
    "9 an early exit": ("early_exit", "early_exit.py"),
    "11 other code when scripted": ("scripting_differs", "script"),
}


def _exported(export: Server, name: str) -> Answer:
    words = [word for word in _words(name) if not word.startswith("--")]
    source = {"kind": "file", "path": str(MODELS / f"{name}.py"), "attribute": "Model"}
    return export(f"{name}.py:Model", source=source, inputs=codec.plain(parse_inputs(words)))


def _words(name: str) -> Any:
    """What the model's file wants after its name: only --input in the models used here."""
    text = (MODELS / f"{name}.py").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("WORDS = ")]
    return ast.literal_eval(lines[0].removeprefix("WORDS = ")) if lines else ()


@pytest.mark.parametrize(("name", "method", "outputs"), PROVEN.values(), ids=PROVEN)
def test_a_model_that_the_plain_way_gets_wrong_is_right(
    name: str, method: str, outputs: list[str], export: Server, resnet: Made
) -> None:
    answer = _exported(export, name)
    assert not method or answer.ok["method"] == method
    assert [node["name"] for node in answer.ok["signature"]["outputs"]] == outputs
    operators.make_portable(answer.folder, Path(resnet.outcome["libtorch"]["root"]))
    told = {key: value for key, value in answer.ok.items() if key not in {"ok", "candidates", "files"}}
    artifact = manifest.artifact_of(manifest.value_of(Exported, told), answer.folder, model=name, sha256="")
    model.write_index(artifact, answer.folder, DEFAULT_TOLERANCES)
    ended = run(resnet.runner, artifact.path, "--verify", "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    assert ended.document["passed"]
    assert ended.document["demand"] == "exact", ended.document["reason"]
    assert {case["name"] for case in ended.document["cases"]} == {case["name"] for case in answer.ok["cases"]}


@pytest.mark.parametrize(("name", "word"), REFUSED.values(), ids=REFUSED)
def test_a_model_without_a_right_export_is_refused(name: str, word: str, export: Server) -> None:
    error = _exported(export, name).error
    assert error["kind"] == "unfaithful", error
    assert word in error["message"]


def test_the_engine_and_the_state_travel_with_the_file(export: Server) -> None:
    assert _exported(export, "quantized_static").ok["engine"] == "fbgemm"
    assert _exported(export, "streaming").ok["sequence"]


def test_torchvisions_library_travels_with_the_file(export: Server) -> None:
    (library,) = _exported(export, "nms").ok["libraries"]
    assert library["namespace"] == "torchvision"
