"""Inputs: bound to forward's parameters, with values the model accepts, varied in every dynamic dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Server

pytestmark = pytest.mark.e2e


def test_no_input_shows_forward(export: Server) -> None:
    error = export("inputs.py:Two").error
    assert error["kind"] == "input_needed"
    assert "left: Tensor, right: Tensor" in error["message"]
    assert "--input left=Nx16:float32" in error["hint"]


def test_names_in_any_order(export: Server) -> None:
    answer = export("inputs.py:Two", "right=Nx8", "left=Nx8")
    assert [leaf["name"] for leaf in answer.ok["signature"]["inputs"]] == ["left", "right"]
    named_last = export("inputs.py:Two", "right=4", "2x4")
    assert named_last.shape("inputs", "left") == "float32[2,4]"


def test_a_parameter_with_a_default_may_be_given(export: Server) -> None:
    answer = export("inputs.py:Two", "Nx8", "Nx8", "8")
    assert [leaf["name"] for leaf in answer.ok["signature"]["inputs"]] == ["left", "right", "bias"]


@pytest.mark.parametrize(
    ("inputs", "kind", "words"),
    [
        (["lefft=Nx8", "right=Nx8"], "bad_input", "no input 'lefft'"),
        (["left=Nx8"], "input_needed", "also needs right"),
        (["Nx8"] * 4, "bad_input", "4 inputs were given, but the model takes 3"),
        (["left=Nx8", "left=Nx8"], "bad_input", "given twice"),
        (["left=Nx8:float31", "right=Nx8"], "bad_input", "no dtype 'float31'"),
        (["left=N@3x8", "right=N@4x8"], "bad_input", "given as 3 and as 4"),
        (["left=Nx8", "right=Nx7"], "model_raised", "float32[N,7]"),
    ],
)
def test_inputs_that_do_not_fit(export: Server, inputs: list[str], kind: str, words: str) -> None:
    error = export("inputs.py:Two", *inputs).error
    assert error["kind"] == kind
    assert words in error["message"]


def test_skipping_a_parameter_in_the_middle(export: Server) -> None:
    answer = export("inputs.py:Middle", "x=Nx8", "scale=8")
    assert [leaf["name"] for leaf in answer.ok["signature"]["inputs"]] == ["x", "scale"]


def test_keyword_only(export: Server) -> None:
    answer = export("inputs.py:KeywordOnly", "x=Nx8", "bias=8")
    assert [leaf["name"] for leaf in answer.ok["signature"]["inputs"]] == ["x", "bias"]


def test_any_number_of_inputs(export: Server) -> None:
    answer = export("inputs.py:Several", "Nx8", "Nx8", "8")
    assert [leaf["name"] for leaf in answer.ok["signature"]["inputs"]] == ["tensors0", "tensors1", "tensors2"]


def test_no_input_at_all(export: Server) -> None:
    answer = export("inputs.py:NoInput")
    assert [case["name"] for case in answer.ok["cases"]] == ["ones"]
    assert answer.ok["signature"]["inputs"] == []


def test_integers_stay_in_the_range_the_model_accepts(export: Server) -> None:
    answer = export("inputs.py:Embedding", "ids=NxL@5:int64", "mask=NxL:bool", model_args={"words": 8})
    assert answer.shape("inputs", "ids") == "int64[N,L]"
    assert answer.shape("outputs", "output") == "float32[N,L,4]"
    assert {case["name"] for case in answer.ok["cases"]} >= {"random-1", "random-2", "size-N-3", "size-L-10"}


def test_floats_for_indices_are_the_users_error(export: Server) -> None:
    error = export("inputs.py:Embedding", "NxL", "NxL:bool").error
    assert error["kind"] == "model_raised"
    assert "in forward" in error["traceback"]
    assert "--input" in error["hint"]


def test_a_double_model_is_fed_doubles(export: Server) -> None:
    assert export("inputs.py:Double", "Nx4").shape("inputs", "x") == "float64[N,4]"


def test_a_dimension_that_cannot_vary(export: Server) -> None:
    error = export("inputs.py:Fixed", "Nx8").error
    assert error["kind"] == "bad_input"
    assert "the dimension N cannot vary" in error["message"]
    assert "write the number" in error["hint"]


def test_sizes_the_model_refuses_are_passed_over(export: Server) -> None:
    answer = export("inputs.py:Grid", "Nx1xH@6xW@5")
    assert answer.ok["dims"] == {"N": 2, "H": 6, "W": 5}
    assert answer.shape("outputs", "output") == "float32[N,1,d0,W]"


def test_inputs_the_model_refuses_are_replaced(export: Server) -> None:
    answer = export("inputs.py:Positive", "Nx8")
    assert [case["name"] for case in answer.ok["cases"]] == ["ones", "size-N-3"]


def test_a_changed_input_is_noted_and_the_case_keeps_the_original(export: Server) -> None:
    answer = export("inputs.py:InPlace", "2x2")
    assert any("in place: x" in note for note in answer.ok["notes"])
    ones = (answer.folder / "cases/ones/input.x.npy").read_bytes()[-16:]
    twos = (answer.folder / "cases/ones/output.output.npy").read_bytes()[-16:]
    assert ones.hex() == "0000803f" * 4
    assert twos.hex() == "00000040" * 4


EXAMPLES = """
import torch
class Net(torch.nn.Module):
    def forward(self, x, y):
        return x.sum(1) + y
def {function}():
    return {returned}
"""


@pytest.mark.parametrize(
    ("returned", "x", "y"),
    [
        ("(torch.ones(4, 5), torch.ones(4))", "float32[N,x_dim1]", "float32[N]"),
        ("{'y': torch.ones(4), 'x': torch.ones(4, 5, dtype=torch.float64)}", "float64[N,x_dim1]", "float32[N]"),
        ("[(torch.ones(n, k), torch.ones(n)) for n, k in ((2, 5), (3, 7))]", "float32[N,x_dim1]", "float32[N]"),
        ("[(torch.ones(n, 5), torch.ones(n)) for n in (2, 3)]", "float32[N,5]", "float32[N]"),
    ],
)
def test_example_inputs_beside_the_factory(export: Server, tmp_path: Path, returned: str, x: str, y: str) -> None:
    (tmp_path / "net.py").write_text(EXAMPLES.format(function="example_inputs", returned=returned))
    file = {"kind": "file", "path": str(tmp_path / "net.py"), "attribute": "Net"}
    answer = export("net.py:Net", source=file)
    assert (answer.shape("inputs", "x"), answer.shape("inputs", "y")) == (x, y)
    overridden = export("net.py:Net", "6x5", "6", source=file)
    assert overridden.shape("inputs", "x") == "float32[6,5]"


def test_sizes_that_only_the_users_examples_can_show(export: Server) -> None:
    answer = export("ended.py:Ended")
    assert answer.shape("inputs", "ids") == "int64[N,ids_dim1]"
    assert [case["name"] for case in answer.ok["cases"]] == ["example", "example-2"]


@pytest.mark.parametrize("returned", ["object()", "[]", "(torch.ones(2),)", "(torch.ones(2), {1})", "{'z': 'text'}"])
def test_example_inputs_that_are_none(export: Server, tmp_path: Path, returned: str) -> None:
    (tmp_path / "net.py").write_text(EXAMPLES.format(function="example_inputs", returned=returned))
    file = {"kind": "file", "path": str(tmp_path / "net.py"), "attribute": "Net"}
    assert export("net.py:Net", source=file).error["kind"] == "bad_input"
