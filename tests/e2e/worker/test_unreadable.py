"""Attributes that raise when they are read are no reason to refuse a model whose forward does not read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e

X = "x=Nx8"


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("Unfitted", "trace"),
        ("Inside", "trace"),
        ("Trained", "trace"),
        ("Branching", "script"),
        ("Dynamic", "trace"),
        ("Asking", "trace"),
    ],
)
def test_what_raises_is_left_out(name: str, method: str, export: Server) -> None:
    answer = export(f"unreadable.py:{name}", X)
    assert answer.ok["method"] == method
    assert answer.outputs() == ["float32[N,4]"]
    assert answer.ok["exact"]


@pytest.mark.parametrize("method", ["trace", "script", "flat"])
@pytest.mark.parametrize("name", ["Trained", "Dynamic", "DynamicToo"])
def test_it_is_in_the_way_of_no_method(name: str, method: str, export: Server) -> None:
    assert export(f"unreadable.py:{name}", X, method=method).ok["method"] == method


def test_a_part_that_raises_is_scripted_inside_a_trace(export: Server) -> None:
    assert export("unreadable.py:Inside", X, method="mixed").ok["method"] == "mixed"
