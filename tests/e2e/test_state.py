"""A model that remembers, in C++: its calls are proven in their order, and its own method begins a stream anew."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .conftest import HERE, Made, compiled, make, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stream(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    models = HERE / "worker" / "models" / "keeping.py"
    return make(
        tsgen, tmp_path_factory.mktemp("stream"), "stream", "--model", f"{models}:WithDefaults", "--input", "1x4"
    )


def test_forward_and_its_methods_are_proven_in_their_order(stream: Made) -> None:
    index = (stream.root / "model" / "cases" / "index.tsv").read_text(encoding="utf-8").splitlines()
    calls = [line.split("\t")[2:] for line in index if line.startswith("case\t")]
    first = calls.index(["reset"])
    assert calls[first - 2 : first + 2] == [[], [], ["reset"], []]
    assert stream.outcome["parity"]["passed"]
    assert f"case\t{stream.outcome['parity']['cases'][-1]['name']}" in index[-1]


def test_a_call_that_was_left_out_shows_in_those_after_it(stream: Made, tmp_path: Path) -> None:
    shutil.copytree(stream.root / "model", tmp_path / "model")
    index = tmp_path / "model" / "cases" / "index.tsv"
    lines = index.read_text(encoding="utf-8").splitlines(keepends=True)
    reset = next(number for number, line in enumerate(lines) if line.endswith("\treset\n"))
    index.write_text("".join(lines[:reset] + lines[reset + 1 :]), encoding="utf-8")
    ended = run(stream.runner, tmp_path / "model" / "model.pt", "--verify")
    assert ended.status == 1
    assert "forward" in ended.stdout + ended.stderr


def test_the_typed_api_has_the_method_with_its_defaults(stream: Made, tmp_path: Path) -> None:
    program = compiled(stream, "forgetting.cpp", tmp_path)
    ended = run(program, stream.root / "model" / "model.pt")
    assert ended.stdout == "second 1 again 1 other 1\n", ended.stderr
