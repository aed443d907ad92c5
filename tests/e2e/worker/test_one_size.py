"""Of several dimensions the frozen one is fixed, and it alone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("model", "fixed", "shape"),
    [
        ("Tokens", "N", "float32[2,3,img_dim2,img_dim3]"),
        ("Rows", "img_dim2", "float32[N,img_dim1,8,img_dim3]"),
        ("Columns", "img_dim3", "float32[N,img_dim1,img_dim2,12]"),
    ],
)
def test_the_frozen_dimension_alone_is_fixed_and_told(export: Server, model: str, fixed: str, shape: str) -> None:
    answer = export(f"one_size.py:{model}")
    assert answer.shape("inputs", "img") == shape
    told = [note for note in answer.ok["notes"] if "is fixed to the example's size" in note]
    assert len(told) == 1
    assert f"the dimension {fixed} is fixed" in told[0]
    assert f"'size-{fixed}-" in told[0]
