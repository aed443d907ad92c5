"""Inputs of every kind, and what becomes of them in each way of exporting."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore")]


def _literal(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "is_value": True, "value": value}


def _shape(name: str, *shape: Any, dtype: str = "float32") -> dict[str, Any]:

    return {"name": name, "dtype": dtype, "shape": list(shape)}


def _kinds(answer: Answer) -> dict[str, str]:
    nodes = answer.ok["signature"]["inputs"]
    return {node["name"]: node["kind"] + ("?" if node.get("optional") else "") for node in nodes}


X = _shape("x", "N", 4)


@pytest.mark.parametrize(
    ("spec", "inputs", "method", "kinds"),
    [
        ("values.py:Lists", [_shape("xs.0", 3, 4), _shape("xs.1", 2, 5)], "script", {"xs": "list", "xs.*": "tensor"}),
        ("bare.py:BareList", [_shape("xs.0", 3, 4), _shape("xs.1", 3, 4)], "script", {"xs": "list", "xs.*": "tensor"}),
        ("values.py:Masked", [X, _shape("mask", "N", 4, dtype="bool")], "script", {"x": "tensor", "mask": "tensor?"}),
        ("bare.py:BareNumber", [X, _literal("k", 2)], "script", {"x": "tensor", "k": "int"}),
        ("values.py:KeywordNumber", [X, _literal("scale", 0.5)], "flat", {"x": "tensor", "scale": "float"}),
        ("values.py:FrozenNumber", [X, _literal("times", 2)], "flat", {"x": "tensor"}),
        ("values.py:Moded", [X, _literal("mode", "mul")], "script", {"x": "tensor", "mode": "str"}),
        ("values.py:Moded", [X, _literal("twice", True)], "script", {"x": "tensor", "twice": "bool"}),
        (
            "values.py:Grouped",
            [_shape(name, "N", 3) for name in ("batch.x", "batch.y", "pair.0", "pair.1")],
            "trace",
            {"batch": "record", "batch.x": "tensor", "batch.y": "tensor", "pair": "tuple"},
        ),
        ("values.py:Mixture", [X], "mixed", {"x": "tensor"}),
        ("values.py:Outer", [X], "mixed", {"x": "tensor"}),
    ],
)
def test_kinds_of_inputs(
    export: Server, spec: str, inputs: list[dict[str, Any]], method: str, kinds: dict[str, str]
) -> None:
    answer = export(spec, inputs=inputs)
    assert (answer.ok["method"], answer.ok["exact"]) == (method, True)
    assert kinds.items() <= _kinds(answer).items()


def test_a_number_that_no_export_keeps_is_fixed_and_told(export: Server) -> None:
    answer = export("values.py:FrozenNumber", inputs=[X, _literal("times", 2)])
    assert "times" not in _kinds(answer)
    assert any("times is fixed to 2" in note for note in answer.ok["notes"])
    assert not list((answer.folder / "cases").glob("*/input.times.npy"))


def test_what_a_forced_trace_cannot_carry_is_told(export: Server) -> None:
    inputs = [_shape("xs.0", 3, 4), _shape("xs.1", 3, 4)]
    answer = export("bare.py:BareList", inputs=inputs, method="trace")
    assert _kinds(answer)["xs"] == "tuple"
    assert any("exactly as many elements" in note for note in answer.ok["notes"])


def test_exported_methods_are_cases_of_their_own(export: Server) -> None:
    answer = export("values.py:Methods", "Nx4").ok
    assert sorted(answer["methods"]) == ["decode", "encode"]
    assert [node["kind"] for node in answer["methods"]["decode"]["inputs"]] == ["tensor", "float"]
    assert answer["methods"]["decode"]["inputs"][1]["default"] == 1.5
    assert {case.get("method", "") for case in answer["cases"]} == {"", "decode", "encode"}


def test_the_defaults_of_python_are_recorded(export: Server) -> None:
    """Of parameters and of fields, in the kind that the input has; a default of another kind is none."""
    answer = export("defaulted.py:Defaulted", method="flat")
    defaults = {node["name"]: node["default"] for node in answer.ok["signature"]["inputs"] if "default" in node}
    assert defaults == {
        "how.span.high": "inf",
        "how.scale": 2.0,
        "weights.0": 0.5,
        "weights.1": 0.25,
        "k": 3,
        "part": 1.0,
    }
    assert type(defaults["how.scale"]) is float
    examples = {node["name"]: node.get("example") for node in answer.ok["signature"]["inputs"]}
    assert (examples["k"], examples["plain"], examples["x"]) == (2, 4.0, None)


def test_what_an_example_leaves_out_has_its_default(export: Server) -> None:
    answer = export("defaulted.py:Defaulted", method="flat")
    assert not any(node.get("optional") for node in answer.ok["signature"]["inputs"])
    found = {
        name: np.load(answer.folder / f"cases/example-2/input.{name}.npy") for name in ("k", "weights.0", "weights.1")
    }
    assert found == {"k": 3, "weights.0": 0.5, "weights.1": 0.25}


def test_the_defaults_travel_in_the_file_and_the_folders_do_not(export: Server) -> None:
    answer = export("defaulted.py:Defaulted", method="flat", label="../nets/defaulted.py:Defaulted")
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("extra/signature.tsgen"))
        lines = archive.read(name).decode().splitlines()
    assert "model\tdefaulted.py:Defaulted" in lines
    assert {"input\tk\tint\t3", "input\thow.span.high\tfloat\tinf", "input\tplain\tfloat"} <= set(lines)


def test_the_engine_of_a_quantized_model_is_recorded(export: Server) -> None:
    answer = export("values.py:Quantized", "Nx8").ok
    assert answer["engine"] in {"x86", "fbgemm", "qnnpack", "onednn"}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["xs.0", "xs.2"], "numbered 0, 2"),
        (["xs", "xs.0"], "whole, and in part"),
    ],
)
def test_paths_that_do_not_fit_together(export: Server, names: list[str], words: str) -> None:
    error = export("values.py:Lists", inputs=[_shape(name, 2, 2) for name in names]).error
    assert error["kind"] == "bad_input"
    assert words in error["message"]
