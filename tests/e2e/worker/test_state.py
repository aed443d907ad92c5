"""A model that remembers is proven by a sequence of calls, with the methods that it exports among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e


def _state(answer: Answer) -> list[str]:
    found: list[str] = answer.ok["signature"].get("writes", {"state": []})["state"]
    return found


def _calls(answer: Answer) -> list[str]:
    """The methods in the order of the cases; forward is empty."""
    return [case["method"] for case in answer.ok["cases"]]


def _inputs(answer: Answer, method: str) -> dict[str, Any]:
    return {node["name"]: node.get("default") for node in answer.ok["methods"][method]["inputs"]}


@pytest.mark.parametrize(
    ("spec", "inputs", "method", "state"),
    [
        ("keeping.py:Peak", ["Nx4"], "script", ["peak"]),
        ("keeping.py:PeakInPlace", ["Nx4"], "script", ["peak"]),
        ("keeping.py:Seldom", ["Nx6:int64"], "script", ["bias"]),
        ("keeping.py:PythonPeak", ["Nx4"], "script", ["peak"]),
        ("keeping.py:Listed", ["1x4"], "script", ["cache"]),
        ("keeping.py:Hidden", ["1xTx4"], "script", ["hidden"]),
        ("keeping.py:WrittenUncounted", ["Nx4"], "script", ["pad"]),
        ("keeping.py:InPythonThatNoScriptTakes", ["x=1x4"], "trace", ["memory"]),
        ("keeping_positions.py:Cached", [], "script", ["keys"]),
        ("keeping_first.py:Cached", [], "script", ["keys"]),
        ("hidden.py:SetUpByItsFirstInput", ["Nx8"], "script", ["scale"]),
    ],
)
def test_what_the_same_input_again_does_not_show(
    export: Server, spec: str, inputs: list[str], method: str, state: list[str]
) -> None:
    answer = export(spec, *inputs)
    assert answer.ok["sequence"]
    assert answer.ok["exact"]
    assert (answer.ok["method"], _state(answer)) == (method, state)
    assert f"the model keeps state from call to call (`{state[0]}`)" in answer.ok["notes"][-1]


@pytest.mark.parametrize(
    ("spec", "inputs", "state"),
    [
        ("keeping.py:Statistics", ["Nx4"], ["at", "ring"]),
        ("keeping.py:Featured", ["Nx4"], []),
        ("writing.py:Scratch", ["Nx4"], ["scratch"]),
        ("writing.py:Growing", ["2xL"], ["longest", "table"]),
    ],
)
def test_what_is_written_and_not_read_is_no_state(
    export: Server, spec: str, inputs: list[str], state: list[str]
) -> None:
    answer = export(spec, *inputs)
    assert not answer.ok["sequence"]
    assert _state(answer) == state


def test_the_users_examples_are_the_sequence(export: Server) -> None:
    answer = export("keeping_positions.py:Cached")
    names = [case["name"] for case in answer.ok["cases"]]
    assert names[:3] == ["step-1-example-1", "step-2-example-2", "step-3-example-3"]


def test_one_position_leads_to_the_next(export: Server) -> None:
    names = [case["name"] for case in export("keeping_first.py:Cached").ok["cases"]]
    assert names[:3] == ["step-1-example-1", "step-2-next", "step-3-next"]


def test_a_size_that_nobody_asked_for_stays_dynamic(export: Server) -> None:
    answer = export("keeping_positions.py:Cached")
    assert answer.shape("inputs", "ids") == "int64[N]"


def test_a_refusal_names_what_is_kept_and_where(export: Server) -> None:
    error = export("keeping.py:Frames", "1x4").error
    assert "It keeps state from call to call: `frames` (keeping.py:" in error["message"]
    assert "self.frames.append(x))" in error["message"]
    assert error["hint"] == "take the state as an input and return it as an output"


@pytest.mark.parametrize("spec", ["Outside", "Alternating"])
def test_a_memory_outside_of_the_model_is_told_as_such(export: Server, spec: str) -> None:
    error = export(f"keeping.py:{spec}", "1x4").error
    assert "It keeps state from call to call: outside of its own attributes (output[0,0] is " in error["message"]


@pytest.mark.parametrize("spec", ["Resettable", "Answering"])
def test_a_method_that_forgets_stands_among_the_calls(export: Server, spec: str) -> None:
    answer = export(f"keeping.py:{spec}", "1x4")
    calls = _calls(answer)
    first = calls.index("reset")
    assert calls[first - 2 : first + 2] == ["", "", "reset", ""]
    assert _inputs(answer, "reset") == {}
    assert answer.ok["methods"]["reset"]["writes"] == {"state": ["memory"], "inputs": []}


def test_a_method_without_an_answer_says_so(export: Server) -> None:
    answer = export("keeping.py:Resettable", "1x4")
    assert answer.ok["methods"]["reset"]["outputs"] == [{"name": "output", "kind": "none"}]


def test_arguments_with_defaults_are_in_the_signature(export: Server) -> None:
    answer = export("keeping.py:WithDefaults", "1x4")
    assert _inputs(answer, "reset") == {"batch": 1, "value": 0.5}
    assert "the method reset is exported without start" in answer.ok["notes"][-1]
    assert "example_inputs_reset()" in answer.ok["notes"][-1]


def test_defaults_without_annotations_are_numbers(export: Server) -> None:
    assert _inputs(export("bare.py:Blending", "1x4"), "blend") == {"x": None, "by": 0.25, "times": 1}


def test_a_method_that_forward_depends_on_makes_a_sequence(export: Server) -> None:
    answer = export("keeping.py:Prompted", "1x4")
    assert answer.ok["sequence"]
    assert "prompt" in _calls(answer)


def test_such_a_method_that_no_export_carries_is_told(export: Server) -> None:
    answer = export("keeping.py:PromptedTraceOnly", "x=1x4")
    assert (answer.ok["method"], answer.ok["sequence"], answer.ok["methods"]) == ("trace", False, {})
    assert "the method prompt is not proven and not in the typed API" in "\n".join(answer.ok["notes"])


def test_methods_that_save_and_restore(export: Server) -> None:
    answer = export("keeping.py:Saved", "1x4")
    assert sorted(answer.ok["methods"]) == ["restore", "saved"]
    assert list(_inputs(answer, "restore")) == ["memory"]


def test_one_method_that_does_not_compile_is_left_out_alone(export: Server) -> None:
    answer = export("keeping.py:OneThatDoesNotCompile", "1x4")
    assert list(answer.ok["methods"]) == ["reset"]
    told = next(note for note in answer.ok["notes"] if "clamped" in note)
    assert told.startswith("the method clamped is not in the export: it cannot be compiled: ")
    assert "keeping.py:" in told


def test_a_method_that_no_mark_exports_is_told(export: Server) -> None:
    answer = export("keeping.py:Unmarked", "1x4")
    words = "reset() changes what the model keeps, and is not in the export: mark it with @torch.jit.export"
    assert [note for note in answer.ok["notes"] if "reset" in note] == [words]


def test_a_method_of_which_no_inputs_are_known_is_told(export: Server) -> None:
    told = export("keeping.py:OfTwo", "1x4").ok["notes"][-1]
    assert "the method load is not proven and not in the typed API" in told
    assert list(export("keeping_two.py:OfTwo").ok["methods"]) == ["load"]


def test_methods_of_a_torchscript_file(export: Server) -> None:
    """What another method calls is a helper."""
    answer = export("keeping_two.py:scripted", "1x4")
    assert (answer.ok["method"], list(answer.ok["methods"])) == ("torchscript", ["reset"])
    assert _inputs(answer, "reset") == {"batch": 1}
