"""Outputs that are as long as values say: an open dimension, although every example shows the same size."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Server

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("name", "inputs", "outputs"),
    [
        ("PaddedByMask", ["NxTx3"], {"0": "float32[N,?,4]", "1": "int64[N]"}),
        ("Masked", ["Nx4"], {"rows": "float32[?,4]", "chosen": "float32[?]", "all": "float32[N,4]"}),
        ("Kept", ["boxes=Nx4", "scores=N"], {"boxes": "float32[?,4]", "scores": "float32[?]"}),
        ("Best", ["Nx8"], {"output": "float32[N,?]"}),
        (
            "Counted",
            ["x=Nx4", "count=N:int64"],
            {"0": "float32[?,4]", "1": "int64[?]", "2": "int64[?]", "3": "int64[?]"},
        ),
        ("Gathered", ["2x4"], {"output": "float32[?]"}),
        ("Streamed", ["x=4"], {"0": "float32[?]", "1": "float32[4]"}),
    ],
)
def test_a_size_that_values_decide_is_open(
    export: Server, name: str, inputs: list[str], outputs: dict[str, str]
) -> None:
    answer = export(f"open_sizes.py:{name}", *inputs)
    assert {leaf: answer.shape("outputs", leaf) for leaf in outputs} == outputs


@pytest.mark.parametrize(
    ("name", "inputs", "outputs"),
    [
        ("Plain", ["NxTx3"], {"output": "float32[N,T,4]"}),
        ("PaddedToAll", [], {"output": "float32[N,x_dim1,4]"}),
        ("Written", ["Nx4"], {"0": "float32[N,4]", "1": "float32[N,3]", "2": "float32[N,4]"}),
        ("Parted", ["Nx4"], {"output": "float32[N,4]"}),
    ],
)
def test_a_size_that_values_do_not_decide_keeps_its_name(
    export: Server, name: str, inputs: list[str], outputs: dict[str, str]
) -> None:
    answer = export(f"open_sizes.py:{name}", *inputs)
    assert {leaf: answer.shape("outputs", leaf) for leaf in outputs} == outputs


def test_other_values_that_end_the_process_do_not_end_the_export(export: Server) -> None:
    """The model's code ends the process where numbers do not belong together, as a kernel may."""
    assert export("open_sizes.py:Ending", "Nx4").shape("outputs", "output") == "float32[N,4]"


def test_the_file_says_it_with_a_name_that_older_programs_know(export: Server, model_python: Path) -> None:
    path = export("open_sizes.py:Masked", "Nx4").folder / "model.pt"
    code = "import sys, torch; held = {'signature.tsgen': ''}; torch.jit.load(sys.argv[1], _extra_files=held)"
    show = f"{code}; text = held['signature.tsgen']; print(text if isinstance(text, str) else text.decode())"
    done = subprocess.run([str(model_python), "-c", show, str(path)], capture_output=True, text=True, check=True)
    assert "output\trows\ttensor\tfloat32\t_,4\n" in done.stdout
    assert "output\tchosen\ttensor\tfloat32\t_\n" in done.stdout


def test_inspect_shows_it(export: Server) -> None:
    path = export("open_sizes.py:Masked", "Nx4").folder / "model.pt"
    found: dict[str, Any] = export("net.pt", action="inspect", path=str(path)).ok["inspection"]
    outputs = {each["name"]: each["shape"] for each in found["methods"][0]["outputs"]}
    assert (outputs["rows"], outputs["chosen"], outputs["all"]) == (["?", 4], ["?"], ["N", 4])
