"""torch.compile is taken off, however deep, and told in one note: its backend is never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("name", "method", "told"),
    [
        ("Part", "trace", "backbone"),
        ("Deep", "trace", "blocks.0, blocks.0.0"),
        ("Decorated", "script", "Decorated.forward"),
        ("Method", "script", "step"),
        ("Helped", "trace", "doubled"),
        ("Twice", "trace", "Twice.forward"),
        ("reassigned", "trace", "linear.forward"),
        ("enclosed", "trace", "step"),
        ("in_place", "trace", "the model"),
        ("whole", "trace", "the model, backbone"),
    ],
)
def test_what_is_compiled_is_exported_as_it_is_written(name: str, method: str, told: str, export: Server) -> None:
    answer = export(f"compiled.py:{name}", "x=Nx8")
    assert answer.ok["method"] == method
    assert answer.ok["exact"]
    notes = [note for note in answer.ok["notes"] if "torch.compile" in note]
    assert notes == [f"torch.compile is taken off {told}: what it compiles is exported"]


def test_what_is_kept_from_being_compiled_is_not_told(export: Server) -> None:
    answer = export("compiled.py:Disabled", "x=Nx8")
    assert answer.ok["method"] == "script"
    assert not [note for note in answer.ok["notes"] if "torch.compile" in note]
