"""Which way of exporting is chosen: the saved file is run, on inputs that differ in sign, scale, zeros and sizes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e


def _signature(answer: Answer) -> list[str]:
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("/extra/signature.tsgen"))
        return archive.read(name).decode().splitlines()


def test_a_straight_line_is_traced(export: Server) -> None:
    answer = export("branches.py:Straight", "x=Nx8")
    assert answer.ok["method"] == "trace"
    assert answer.ok["exact"]
    assert answer.ok["notes"] == []
    assert answer.ok["candidates"] == [{"method": "trace", "faithful": True, "reason": ""}]


def test_the_signature_travels_in_the_file(export: Server) -> None:
    answer = export("branches.py:Straight", "x=Nx8")
    assert _signature(answer) == [
        "tsgen-signature\t2",
        "model\tbranches.py:Straight",
        "method\ttrace",
        f"torch\t{answer.ok['torch_version']}",
        "dim\tN\t2",
        "input\tx\ttensor\tfloat32\tN,8",
        "output\toutput\ttensor\tfloat32\tN,3",
    ]


@pytest.mark.parametrize(
    ("spec", "inputs", "words"),
    [
        ("Branch", ["Nx8"], "froze a branch (branches.py:20: if x.sum() > 0:); results differ on input '"),
        ("ScaleBranch", ["Nx8"], "results differ on input 'large'"),
        ("ZeroBranch", ["Nx8"], "results differ on input 'zeros'"),
        ("SecondInputBranch", ["Nx8", "Nx8"], "results differ on input 'negative x'"),
        ("Loop", ["Nx8"], "'size-N-3'"),
        ("Exported", ["Nx8"], "results differ on input"),
        ("Shapes", ["2x8"], "has shape"),
        ("Small", ["2x8"], "results differ on input"),
    ],
)
def test_what_a_trace_loses_is_scripted(export: Server, spec: str, inputs: list[str], words: str) -> None:
    answer = export(f"branches.py:{spec}", *inputs)
    assert answer.ok["method"] == "script"
    assert answer.ok["notes"][0].startswith("scripted: ")
    assert words in answer.ok["notes"][0]
    assert "\n" not in answer.ok["notes"][0]
    assert [tried["faithful"] for tried in answer.ok["candidates"]] == [False, True]


def test_a_rank_that_varies_is_a_question_mark(export: Server) -> None:
    answer = export("branches.py:Shapes", "2x8")
    assert answer.shape("outputs", "output") == "float32[?]"
    assert _signature(answer)[-1] == "output\toutput\ttensor\tfloat32\t?"


def test_exported_methods_survive(export: Server) -> None:
    answer = export("branches.py:Exported", "Nx8")
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        code = b"".join(archive.read(name) for name in archive.namelist() if "/code/" in name)
    assert b"def thrice(" in code
    assert b"def described(" not in code


def test_what_cannot_be_compiled_is_traced(export: Server) -> None:
    assert export("branches.py:StraightUncompilable", "Nx8").ok["method"] == "trace"


def test_a_scripted_factory_is_kept_and_its_wrapper_traced(export: Server) -> None:
    assert export("branches.py:scripted", "Nx8").ok["method"] == "torchscript"
    assert export("branches.py:traced_wrapper_of_scripted", "Nx8").ok["method"] == "trace"


def test_when_neither_is_faithful(export: Server) -> None:
    answer = export("branches.py:Uncompilable", "Nx8")
    assert answer.error["kind"] == "unfaithful"
    message = answer.error["message"]
    assert "trace: it froze a branch (branches.py:" in message
    assert "if x.sum() > 0:" in message
    assert "results differ on input '" in message
    assert "output[0,0] is" in message
    assert "script: it cannot be compiled" in message
    assert "(lambda y: y * 2)(x)" in message
    assert not (answer.folder / "model.pt").exists()


def test_python_numbers_in_the_middle(export: Server) -> None:
    assert export("branches.py:FrozenSize", "Nx8").error["kind"] == "unfaithful"


def test_a_forced_trace_fails_honestly(export: Server) -> None:
    error = export("branches.py:Branch", "Nx8", method="trace").error
    assert error["kind"] == "unfaithful"
    assert "script:" not in error["message"]
    assert "--method auto" in error["hint"]


def test_a_forced_script(export: Server) -> None:
    answer = export("branches.py:Straight", "Nx8", method="script")
    assert answer.ok["method"] == "script"
    assert answer.ok["notes"] == []


def test_a_loose_tolerance_accepts_more(export: Server) -> None:
    loose = {"float32": {"rtol": 0.01, "atol": 0.01}}
    answer = export("branches.py:Small", "2x8", tolerance=loose, method="trace")
    assert answer.ok["method"] == "trace"
    assert not answer.ok["exact"]


def test_a_branch_that_no_input_shows_is_scripted_all_the_same(export: Server) -> None:
    answer = export("hidden.py:Threshold", "Nx8")
    assert answer.ok["method"] == "script"
    assert "tracing froze a branch (hidden.py:" in answer.ok["notes"][0]
    assert "no input that was tried shows it" in answer.ok["notes"][0]


def test_a_trace_that_cannot_be_bettered_is_kept_with_a_warning(export: Server) -> None:
    answer = export("hidden.py:Unscriptable", "Nx8")
    assert answer.ok["method"] == "trace"
    assert any("torch says that it froze a branch" in note for note in answer.ok["notes"])


def test_a_drop_that_is_seldom_seen_is_random_all_the_same(export: Server) -> None:
    error = export("hidden.py:SeldomDropped", "Nx8").error
    assert error["kind"] == "unsupported"
    assert "draws random numbers" in error["message"]


def test_a_buffer_that_only_remembers_does_no_harm(export: Server) -> None:
    assert export("hidden.py:Counting", "Nx8").ok["exact"]


def test_each_of_the_users_examples_is_tried(export: Server) -> None:
    error = export("examples.py:OnlyTheSecondExampleShows").error
    assert error["kind"] == "unfaithful"
    assert "results differ on input 'example-2'" in error["message"]


def test_the_files_that_a_factory_reads_count(export: Server) -> None:
    answer = export("hidden.py:from_its_own_file", "Nx8")
    assert [Path(name).name for name in answer.ok["files"]] == ["hidden.py", "hidden.txt"]


def test_random_models_are_refused_and_remembering_ones_scripted(export: Server) -> None:
    random = export("misbehaving.py:Noisy", "Nx8").error
    assert random["kind"] == "unsupported"
    assert "random" in random["message"]
    remembering = export("misbehaving.py:Remembering", "Nx8").ok
    assert (remembering["method"], remembering["sequence"]) == ("script", True)
    assert [case["name"].partition("-")[0] for case in remembering["cases"]] == ["step"] * 6


def test_operators_of_other_libraries_come_with_their_library(export: Server) -> None:
    answer = export("misbehaving.py:foreign", "4x4", "4")
    assert [library["namespace"] for library in answer.ok["libraries"]] == ["torchvision"]
    assert (answer.folder / "ops" / answer.ok["libraries"][0]["file"]).is_file()


def test_a_forward_that_leaves_the_program(export: Server) -> None:
    error = export("misbehaving.py:Leaving", "Nx8").error
    assert error["kind"] == "model_raised"
    assert "in forward" in error["traceback"]


def test_two_names_for_one_dimension_are_told(export: Server) -> None:
    error = export("hidden.py:Joined", "a=Nx4", "b=Mx4").error
    assert error["kind"] == "bad_input"
    assert "call both N" in error["hint"]
