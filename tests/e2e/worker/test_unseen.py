"""What no usual input shows: other sizes, branches that torch passes over, counters, strings, large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

WORD, NUMBER = {"name": "word", "is_value": True, "value": "abc"}, {"name": "k", "is_value": True, "value": 3}
X = {"name": "x", "dtype": "float32", "shape": ["N", 4]}


def _told(answer: Answer) -> str:
    return "\n".join(answer.ok["notes"])


@pytest.mark.parametrize("spec", ["Stepped", "Divided"])
def test_arithmetic_on_a_size_that_a_trace_rounds_is_scripted(export: Server, spec: str) -> None:
    answer = export(f"unseen.py:{spec}", "x=NxS")
    assert answer.ok["method"] == "script"
    assert set(answer.ok["dims"]) == {"N", "S"}


def test_a_difference_in_the_last_digits_is_told(export: Server) -> None:
    loose = {"float64": {"rtol": 1e-6, "atol": 1e-7}}
    assert "computes with a size in float32 (unseen.py:" in _told(export("unseen.py:Divided", "x=NxS", tolerance=loose))


@pytest.mark.parametrize(("spec", "size"), [("Floored", "S-"), ("Limited", "S-101"), ("Remembering", "S-")])
def test_a_size_on_which_no_export_is_right_is_fixed(export: Server, spec: str, size: str) -> None:
    answer = export(f"unseen.py:{spec}", "x=NxS")
    assert answer.shape("inputs", "x") == "float32[N,16]"
    assert "the dimension S is fixed to the example's size" in _told(answer)
    assert f"results differ on input 'size-{size}" in _told(answer)


@pytest.mark.parametrize("spec", ["Close", "Equal"])
def test_a_branch_of_which_torch_does_not_warn_is_scripted(export: Server, spec: str) -> None:
    answer = export(f"unseen.py:{spec}", "x=Nx4")
    assert answer.ok["method"] == "script"
    assert "scripted: tracing froze a branch (unseen.py:" in _told(answer)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("Silenced", "it froze a branch (unseen.py:"),
        ("Shared", "it froze a NumPy array (unseen.py:"),
        ("Caught", "it froze the outcome of a try (unseen.py:"),
    ],
)
def test_what_only_a_trace_exports_is_told(export: Server, spec: str, words: str) -> None:
    answer = export(f"unseen.py:{spec}", "x=Nx4")
    assert answer.ok["method"] == "trace"
    assert f"traced, although {words}" in _told(answer)


def test_a_counter_in_python_is_state(export: Server) -> None:
    answer = export("unseen.py:Warming", "x=Nx4").ok
    assert (answer["method"], answer["sequence"]) == ("script", True)
    words = "its cases are one sequence of calls, and each stream needs a model of its own"
    assert answer["notes"] == [f"the model keeps state from call to call (`calls`): {words}"]


def test_a_counter_that_no_export_carries_is_told(export: Server) -> None:
    answer = export("unseen.py:WarmingUncompilable", "x=Nx4")
    assert (answer.ok["method"], answer.ok["sequence"]) == ("trace", False)
    assert "its attribute calls changes from call to call" in _told(answer)


@pytest.mark.parametrize("spec", ["OwnCall", "OnlyInPython"])
def test_a_script_that_has_not_the_branch_is_no_remedy(export: Server, spec: str) -> None:
    answer = export(f"unseen.py:{spec}", "x=Nx4")
    assert answer.ok["method"] == "trace"
    assert "traced, although torch says that it froze a branch (unseen.py:" in _told(answer)


def test_a_forced_script_says_what_it_leaves_out(export: Server) -> None:
    answer = export("unseen.py:OnlyInPython", "x=Nx4", method="script")
    assert "scripted, although it left out a branch (unseen.py:" in _told(answer)
    error = export("unseen.py:OwnCall", "x=Nx4", method="script").error
    assert "it would leave out the __call__ of Doubling" in error["message"]


@pytest.mark.parametrize(
    ("spec", "given", "fixed"),
    [
        ("Counted", WORD, "word is fixed to 'abc'"),
        ("Labelled", {"name": "k", "is_value": True, "value": 0.5}, "k is fixed to 0.5"),
        ("Power", NUMBER, "k is fixed to 3"),
    ],
)
def test_where_torchscript_computes_otherwise_the_value_is_fixed(
    export: Server, spec: str, given: dict[str, Any], fixed: str
) -> None:
    answer = export(f"unseen.py:{spec}", inputs=[X, given])
    assert fixed in _told(answer)
    assert [node["name"] for node in answer.ok["signature"]["inputs"]] == ["x"]


@pytest.mark.parametrize("model", ["Raised", "Placed", "Named"])
def test_letters_that_torchscript_takes_for_bytes_are_told(model: str, export: Server) -> None:
    assert "takes a string's bytes for its characters (unseen.py:" in _told(
        export(f"unseen.py:{model}", inputs=[X, WORD])
    )


def test_usual_numbers_and_strings_stay_inputs(export: Server) -> None:
    answer = export("values.py:Moded", inputs=[X, {"name": "mode", "is_value": True, "value": "mul"}])
    assert answer.ok["notes"] == []
    assert [node["kind"] for node in answer.ok["signature"]["inputs"]] == ["tensor", "str"]


def test_nothing_but_nan_is_told(export: Server) -> None:
    assert "every output is NaN" in _told(export("unseen.py:NotANumber", "x=Nx4"))


def test_a_dropout_that_eval_does_not_reach_is_named(export: Server) -> None:
    assert (
        "the Dropout in dropouts is in a plain Python list" in export("unseen.py:Unregistered", "x=Nx4").error["hint"]
    )


def test_leaving_the_program_is_no_matter_of_inputs(export: Server) -> None:
    assert "sys.exit()" in export("misbehaving.py:Leaving", "Nx8").error["hint"]
