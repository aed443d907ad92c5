"""Each example is proven with no flag but --model, by the method its README names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY, make

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

EXAMPLES = {
    "my_module": ("my_module/model.py:build", "script"),
    "my_decision_gate": ("my_decision_gate/model.py:MyCell", "script"),
    "rnn_loop": ("rnn_loop/model.py:loop", "script"),
    "rnn_wrapped": ("rnn_loop/model.py:wrapped", "trace"),
    "ignore_export": ("ignore_export/model.py:Normalizer", "script"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_proven(name: str, tsgen: Tsgen, tmp_path: Path) -> None:
    spec, method = EXAMPLES[name]
    # All under one name: what is compiled is the same then, and ccache knows it.
    made = make(tsgen, tmp_path, "myapp", "--model", REPOSITORY / "examples" / spec)
    assert made.outcome["parity"]["passed"]
    assert made.outcome["parity"]["demand"] == "exact"
    assert made.outcome["artifact"]["method"] == method
    scripted_for_a_reason = [note for note in made.outcome["artifact"]["notes"] if note.startswith("scripted: ")]
    assert bool(scripted_for_a_reason) == (method == "script")


def test_every_example_is_tested_and_shows_its_command() -> None:
    folders = {path.name for path in (REPOSITORY / "examples").iterdir() if path.is_dir()}
    tested = {spec.partition("/")[0] for spec, _ in EXAMPLES.values()} | {"resnet18"}
    assert folders == tested
    for folder in folders:
        assert "tsgen new" in (REPOSITORY / "examples" / folder / "README.md").read_text(encoding="utf-8")
