"""A model is tried on a copy: sizes that it may remember, and the beginning of a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["Anew", "Switching", "Redrawn", "hooked"])
def test_what_a_copy_loses_fixes_no_size(name: str, export: Server) -> None:
    answer = export(f"copied.py:{name}", "x=Nx3xH@8xW@8")
    assert answer.outputs() == ["float32[N,4,H,W]"]
    assert answer.ok["method"] == "trace"
    assert answer.ok["notes"] == []


def test_a_feature_extractor_keeps_its_sizes(export: Server) -> None:
    answer = export("copied.py:extractor", "x=Nx3xH@32xW@32")
    assert answer.shape("outputs", "layer1") == "float32[N,64,d0,d1]"
    assert answer.ok["exact"]
    assert not [note for note in answer.ok["notes"] if "is fixed" in note]


def test_the_copy_of_a_model_with_state_is_exported_in_its_mode(export: Server) -> None:
    answer = export("copied.py:Streaming", "x=2x3x8x8")
    assert answer.ok["sequence"]
    assert answer.ok["signature"]["writes"]["state"] == ["seen"]
