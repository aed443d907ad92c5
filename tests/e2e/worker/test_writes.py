"""What a call writes is found in the saved program, whether an input that was tried shows it or not."""

from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.model.export import WORKER

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e


def _writes(signature: dict[str, Any]) -> tuple[list[str], list[str]]:
    found = signature.get("writes", {"state": [], "inputs": []})
    return found["state"], found["inputs"]


def _lines(answer: Answer) -> list[str]:
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("/extra/signature.tsgen"))
        lines = archive.read(name).decode().splitlines()
    return [line.replace("\t", " ") for line in lines if line.startswith(("writes\t", "entry\t"))]


@pytest.mark.parametrize(
    ("spec", "inputs", "method", "state"),
    [
        ("Scratch", ["Nx4"], "trace", ["scratch"]),
        ("Scratch", ["Nx4"], "script", ["scratch"]),
        ("Nested", ["x=Nx4"], "flat", ["head.scratch"]),
        ("Growing", ["2xL"], "script", ["longest", "table"]),
        ("Biased", ["Nx3"], "script", ["known"]),
        ("Listed", ["Nx3"], "script", ["slots"]),
        ("Rarely", ["Nx3"], "script", ["rows", "seen"]),
        ("Behind", ["Nx4"], "script", ["step.scratch"]),
        ("Baked", ["2x3"], "trace", ["CONSTANTS"]),
    ],
)
def test_what_a_model_writes_of_its_own(
    export: Server, spec: str, inputs: list[str], method: str, state: list[str]
) -> None:
    answer = export(f"writing.py:{spec}", *inputs, method=method)
    assert _writes(answer.ok["signature"]) == (state, [])
    assert _lines(answer) == [f"writes state {name}" for name in state]


def test_a_size_that_is_remembered(export: Server) -> None:
    """What the trace that was tried first left in the model is gone when it is scripted."""
    answer = export("writing.py:Gridded", "x=1x3xH@16xW@16")
    assert answer.ok["method"] == "script"
    assert _writes(answer.ok["signature"]) == (["grid", "size"], [])


def test_state_that_the_answers_show(export: Server) -> None:
    answer = export("writing.py:Ring", "Nx3")
    assert answer.ok["sequence"]
    assert _writes(answer.ok["signature"]) == (["at", "ring"], [])


@pytest.mark.parametrize("method", ["trace", "script"])
def test_an_input_that_is_changed_in_place(export: Server, method: str) -> None:
    answer = export("writing.py:Column", "x=Nx3", "last=4", method=method)
    assert _writes(answer.ok["signature"]) == ([], ["x"])
    assert _lines(answer) == ["writes input x"]


@pytest.mark.parametrize("method", ["script", "flat"])
def test_the_elements_of_a_list_that_are_changed(export: Server, method: str) -> None:
    inputs = ["images.0=3x4", "images.1=3x4", "pair.0=2x2", "pair.1=2x2", "scale=1"]
    answer = export("writing.py:Elements", *inputs, method=method)
    state, names = _writes(answer.ok["signature"])
    assert state == []
    assert {name.partition(".")[0] for name in names} == {"images", "pair"}
    assert "pair.0" in names
    assert "pair.1" not in names
    assert set(names) <= {leaf["name"] for leaf in answer.ok["signature"]["inputs"] if leaf["kind"] == "tensor"}


@pytest.mark.parametrize("spec", ["Keeping", "Shared"])
def test_an_input_that_is_kept_counts_as_changed(export: Server, spec: str) -> None:
    answer = export(f"writing.py:{spec}", "Nx3", method="script")
    assert _writes(answer.ok["signature"]) == (["last"], ["x"])


def test_a_method_that_writes_while_forward_does_not(export: Server) -> None:
    answer = export("writing.py:Entries", "Nx3", method="script")
    assert _writes(answer.ok["signature"]) == ([], [])
    assert _writes(answer.ok["methods"]["noted"]) == (["note"], [])
    assert _lines(answer) == ["entry noted", "writes state note"]
    words = "noted writes `note`: calls from several threads take turns, and answers are copied"
    assert answer.ok["notes"] == [words]


def test_the_first_names_are_in_a_note(export: Server) -> None:
    answer = export("writing.py:Growing", "2xL", method="script")
    words = "forward writes `longest`, `table`: calls from several threads take turns, and answers are copied"
    assert words in answer.ok["notes"]


@pytest.mark.parametrize(
    ("spec", "inputs", "method"),
    [
        ("writing.py:Silent", ["Nx3"], "script"),
        ("writing.py:Silent", ["Nx3"], "trace"),
        ("writing.py:Recurrent", ["Lx2x8"], "trace"),
        ("writing.py:Recurrent", ["Lx2x8"], "script"),
        ("resnet18", [], "script"),
    ],
)
def test_most_models_write_nothing(export: Server, spec: str, inputs: list[str], method: str) -> None:
    answer = export(spec, *inputs, method=method)
    assert "writes" not in answer.ok["signature"]
    assert not _lines(answer)
    assert not [note for note in answer.ok["notes"] if "writes" in note]


_BEHIND_TORCHS_BACK = """
import runpy, sys, torch
runpy.run_path(sys.argv[1] + "/__main__.py", run_name="registered")["_register"]()
from tsgen_worker.writes.watch import Watch
model = torch.nn.BatchNorm1d(3)
for by_value in (False, True):
    watch, given = Watch(model, by_value=by_value), {"x": torch.zeros(2), "y": torch.full((2,), float("nan"))}
    passed = {name: tensor.clone() for name, tensor in given.items()}
    model.running_mean.numpy()[0] += 1
    passed["x"].numpy()[0] = 1
    watch.saw(given, passed)
    print(*watch.state(), *watch.inputs)
"""


def test_what_a_foreign_operator_writes_is_seen_by_its_numbers(model_python: Path) -> None:
    command = [str(model_python), "-c", _BEHIND_TORCHS_BACK, str(WORKER)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "running_mean x"]
