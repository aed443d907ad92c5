"""What torch.export and Inductor make of a model: nothing of this machine, nothing that is silently wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

FILES = ("model.cpp", "signature.tsgen", "weights.bin")


def _lines(answer: Answer) -> list[str]:
    return (answer.folder / "signature.tsgen").read_text(encoding="utf-8").splitlines()


def _content(answer: Answer) -> dict[str, bytes]:
    assert answer.ok["runtime"] == "aotinductor"
    return {name: (answer.folder / name).read_bytes() for name in FILES}


def test_two_exports_have_the_same_bytes_and_no_path_of_this_machine(export: Server) -> None:
    made = [_content(export("compiled_ahead.py:Block", "NxL@5x16", runtime="aotinductor")) for _ in range(2)]
    assert made[0] == made[1]
    for mark in (b"/tmp", str(Path.home()).encode(), b"site-packages", b"torchinductor", b"-march"):
        assert [name for name, data in made[0].items() if mark in data] == [], mark
    assert b"at::vec::" not in made[0]["model.cpp"]
    assert b'std::cerr << "Error: " << e.what()' not in made[0]["model.cpp"]
    assert len(made[0]["weights.bin"]) > 4 * 16 * 48


def test_a_transformer_of_any_batch_and_length(export: Server) -> None:
    answer = export("compiled_ahead.py:Block", "NxL@5x16", runtime="aotinductor")
    assert answer.shape("inputs", "x") == "float32[N,L,16]"
    assert (answer.ok["method"], answer.ok["exact"], answer.ok["call"]) == ("export", False, "flat")
    assert "call\tflat" in _lines(answer)
    names = [case["name"] for case in answer.ok["cases"]]
    assert {"size-N-3", "N-1", "size-L-10", "all-sizes"} <= set(names)


@pytest.mark.parametrize(
    ("spec", "inputs", "ranges"),
    [("Table", "NxL@5x4", ["range\tL\t0\t64"]), ("Images", "Nx3xH@24xW@20", ["range\tH\t8\t", "range\tW\t8\t"])],
)
def test_a_dimension_keeps_the_range_that_torch_finds(
    export: Server, spec: str, inputs: str, ranges: list[str]
) -> None:
    answer = export(f"compiled_ahead.py:{spec}", inputs, runtime="aotinductor")
    assert [line for line in _lines(answer) if line.startswith("range")] == ranges
    assert len([note for note in answer.ok["notes"] if "in the export" in note]) == len(ranges)


def test_an_lstm_whose_length_torch_unrolls(export: Server) -> None:
    answer = export("compiled_ahead.py:Recurrent", "Nx5x4", runtime="aotinductor")
    assert answer.shape("outputs", "0") == "float32[N,5,8]"
    refusal = export("compiled_ahead.py:Recurrent", "NxLx4", runtime="aotinductor").error
    assert "You marked L as dynamic but your code specialized it to be a constant" in refusal["message"]
    assert "Dim.AUTO" not in refusal["message"]


def test_a_number_is_the_examples_for_ever(export: Server) -> None:
    answer = export("compiled_ahead.py:Numbered", "x=Nx4", "k=", runtime="aotinductor", inputs=[
        {"name": "x", "dtype": "float32", "shape": ["N", 4]}, {"name": "k", "is_value": True, "value": 5},
    ])  # fmt: skip
    assert "k is fixed to 5: it cannot change in the export" in answer.ok["notes"]
    assert [node["name"] for node in answer.ok["signature"]["inputs"]] == ["x"]


def test_an_input_that_is_changed_in_place_is_known(export: Server) -> None:
    answer = export("compiled_ahead.py:Mixed", runtime="aotinductor")
    assert answer.ok["signature"]["writes"] == {"state": [], "inputs": ["batch.x"]}
    assert "writes\tinput\tbatch.x" in _lines(answer)


@pytest.mark.parametrize(
    ("spec", "inputs", "said"),
    [
        ("Listing", ["images.0=3x8x9", "images.1=3x8x9"], "its input images is a list"),
        ("Unique", ["x=N:int64"], "AOTInductor has no C function for aten::_unique2"),
        ("Waves", ["x=Nx8"], "its output output is complex64"),
        ("Branching", ["Nx4"], "data-dependent"),
        ("scripted", ["x=Nx5", "k="], "it is TorchScript already"),
    ],
)
def test_what_it_does_not_take_is_refused_by_name(export: Server, spec: str, inputs: list[str], said: str) -> None:
    error = export(f"compiled_ahead.py:{spec}", *inputs, runtime="aotinductor").error
    assert said in error["message"]
    assert "--runtime torchscript" in error["hint"]


def test_an_example_of_one_row_is_not_taken_for_any_number(export: Server) -> None:
    answer = export("compiled_ahead.py:Block", "N@1x5x16", runtime="aotinductor")
    assert answer.shape("inputs", "x") == "float32[N,5,16]"
    assert "size-N-3" in [case["name"] for case in answer.ok["cases"]]


STATE = "compiled_state.py"


def _held(answer: Answer) -> dict[str, list[str]]:
    rows = [line.split("\t") for line in _lines(answer)]
    return {row[1]: row[2:] for row in rows if row[0] == "held"}


def test_what_a_model_keeps_goes_in_and_comes_out(export: Server) -> None:
    """AOTInductor alone would make a constant of the buffer of one element."""
    answer = export(f"{STATE}:Streaming", "1x4", runtime="aotinductor")
    assert answer.ok["sequence"]
    assert set(answer.ok["signature"]["writes"]["state"]) == {"hidden", "calls", "ring", "at"}
    assert _held(answer) == {
        "calls": ["float32", "1", "00000000"],
        "ring": ["float32", "5,2", "000080bf"],
        "at": ["int64", "1", "0000000000000000"],
        "hidden.0": ["float32", "1,8", "00000000"],
        "hidden.1": ["float32", "1,8", "00000000"],
    }
    assert "sequence\ttrue" in _lines(answer)
    notes = " ".join(answer.ok["notes"])
    assert "`hidden` begins as zeros in the export, in the place of None" in notes
    assert "the method reset is not in the export: AOTInductor's program is forward alone" in notes
    assert "each stream needs a model of its own" in notes
    assert len(answer.ok["cases"]) >= 4


def test_a_cache_is_filled_by_position(export: Server) -> None:
    answer = export(f"{STATE}:Cached", "ids=3:int64", "at=3:int64", runtime="aotinductor")
    assert _held(answer) == {"keys": ["float32", "16,4", "00000000"]}


def test_scratch_memory_is_held_too_and_what_is_never_read_is_not(export: Server) -> None:
    for spec in ("compiled_ahead.py:Scratch", f"{STATE}:PlainScratch"):
        answer = export(spec, "Nx4", runtime="aotinductor")
        assert list(_held(answer)) == ["scratch"]
        assert not answer.ok["sequence"]
    answer = export(f"{STATE}:Remark", "Nx4", runtime="aotinductor")
    assert _held(answer) == {}
    assert "writes" not in answer.ok["signature"]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("NoZeros", "`peak`: it begins as None, and zeros in its place are answered otherwise"),
        ("Growing", "`seen`: it has another size or another value of Python's after each call"),
        ("Numbered", "`calls`: it has another size or another value of Python's after each call"),
    ],
)
def test_what_cannot_go_in_and_come_out_is_refused_by_name(export: Server, spec: str, said: str) -> None:
    error = export(f"{STATE}:{spec}", "3x4", runtime="aotinductor").error
    assert f"does not carry the state {said}" in error["message"]
    assert "from __init__ on" in error["hint"]
