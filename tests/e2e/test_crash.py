"""Where torch's own tracer or compiler ends Python by a signal, the next way is tried, and it is said who ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Tsgen

pytestmark = pytest.mark.e2e

MODELS = Path(__file__).parent / "worker" / "models" / "crashing.py"
ENDED = "ended Python itself by signal 11 (SIGSEGV) in crash (crashing.py:"


def _export(tsgen: Tsgen, name: str, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    ended = tsgen("export", f"{MODELS}:{name}", "--input", "Nx8", "-o", folder / "model", "--json", *options)
    document: dict[str, Any] = json.loads(ended.stdout)
    return ended.status, document


def test_the_next_way_is_tried(tsgen: Tsgen, tmp_path: Path) -> None:
    status, outcome = _export(tsgen, "Traced", tmp_path)
    assert status == 0
    text = json.dumps(outcome)
    assert f"scripted: tracing {ENDED}" in text
    assert (tmp_path / "model" / "model.pt").is_file()


def test_when_none_is_left_each_is_told(tsgen: Tsgen, tmp_path: Path) -> None:
    status, outcome = _export(tsgen, "Everywhere", tmp_path)
    assert status == 4
    message = outcome["error"]["message"]
    assert f"trace: it {ENDED}" in message
    assert "script: it cannot be compiled" in message
    assert f"flat: it {ENDED}" in message


def test_a_crash_of_the_compiler_is_told_as_one(tsgen: Tsgen, tmp_path: Path) -> None:
    status, outcome = _export(tsgen, "Compiled", tmp_path)
    assert status == 4
    assert f"script: it {ENDED}" in outcome["error"]["message"]


def test_the_one_way_that_was_asked_for_is_told(tsgen: Tsgen, tmp_path: Path) -> None:
    status, outcome = _export(tsgen, "Traced", tmp_path, "--method", "trace")
    assert status == 4
    assert f"trace: it {ENDED}" in outcome["error"]["message"]
    assert "--method auto" in outcome["error"]["hint"]


def test_a_crash_of_the_model_is_its_own(tsgen: Tsgen, tmp_path: Path) -> None:
    status, outcome = _export(tsgen, "Called", tmp_path)
    assert status == 4
    assert (
        "the Python that loads the model was killed by signal 11 in crash (crashing.py:" in outcome["error"]["message"]
    )
    assert "do the same step in that Python without tsgen" in outcome["error"]["hint"]
