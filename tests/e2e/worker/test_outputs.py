"""Outputs: nested ones as named leaves, odd ones saved or refused, their dimensions named by what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e


def _leaves(answer: Answer) -> dict[str, str]:
    """Without the groups that they lie in."""
    nodes = answer.ok["signature"]["outputs"]
    leaves = [node["name"] for node in nodes if node["kind"] not in {"record", "tuple", "list"}]
    return {name: answer.shape("outputs", name) for name in leaves}


@pytest.mark.parametrize(
    ("spec", "leaves"),
    [
        ("Nested", {"0": "float32[N,4]", "1.0": "float32[N,4]", "1.1": "float32[N]"}),
        ("Mapping", {"z last": "float32[N,4]", "ä/b": "float32[4]"}),
        ("Named", {"boxes": "float32[N,4]", "scores": "float32[N]"}),
        ("Numbers", {"0": "float32[N,4]", "1": "int", "2": "constant 0.5", "3": "bool"}),
        ("Missing", {"0": "float32[N,4]", "1": "none"}),
        ("Sometimes", {"0": "float32[N,4]", "1": "float32[N,4]?"}),
        ("Text", {"0": "float32[N,4]", "1": "constant text"}),
        ("Chance", {"0": "float32[3]", "1": "float32[d0,4]"}),
        ("Selected", {"output": "float32[d0,4]"}),
        ("Kinds", {"0": "bfloat16[N,4]", "1": "bool[N,4]", "2": "complex64[N,4]", "3": "float16[4,N]"}),
        ("Scalar", {"output": "float32[]"}),
        ("NonFinite", {"output": "float32[N,4]"}),
    ],
)
def test_leaves(export: Server, spec: str, leaves: dict[str, str]) -> None:
    answer = export(f"outputs.py:{spec}", "Nx4")
    assert _leaves(answer) == leaves
    assert list(_leaves(answer)) == list(leaves)


def test_names_are_encoded_in_file_names(export: Server) -> None:
    folder = export("outputs.py:Mapping", "Nx4").folder / "cases" / "ones"
    assert {path.name for path in folder.iterdir()} == {
        "input.x.npy",
        "output.z%20last.npy",
        "output.%C3%A4%2Fb.npy",
    }


@pytest.mark.parametrize("spec", ["Nothing", "Sparse"])
def test_what_cannot_be_saved(export: Server, spec: str) -> None:
    assert export(f"outputs.py:{spec}", "Nx4").error["kind"] == "unsupported"


def test_a_reused_buffer_does_not_mix_the_cases(export: Server) -> None:
    folder = export("outputs.py:Reused", "2x4").folder / "cases"
    for case in ("ones", "random-1"):
        assert (folder / case / "input.x.npy").read_bytes() == (folder / case / "output.output.npy").read_bytes()


def test_cases_are_what_numpy_reads(export: Server) -> None:
    numpy = pytest.importorskip("numpy")
    folder = export("outputs.py:Kinds", "Nx4").folder / "cases" / "size-N-3"
    x = numpy.load(folder / "input.x.npy")
    assert x.shape == (3, 4)
    assert (numpy.load(folder / "output.1.npy") == (x > 0)).all()
    assert (numpy.load(folder / "output.2.npy") == (x - 1j * x)).all()
    assert (numpy.load(folder / "output.3.npy") == x.astype("float16").T).all()
    assert numpy.load(folder / "output.0.npy").dtype == "V2"
