"""A signature's nodes as a tree: which values a call has, and how they are told."""

from __future__ import annotations

import pytest

from tsgen.types import Node, Signature, grown, leaves
from tsgen.types.tree import signature_text

from .make import leaf, node
from .signatures import DETECTIONS, ECHO, SIGNATURES


def names(nodes: list[Node], *present: str) -> list[str]:
    return [name for name, _ in leaves(grown(nodes), present)]


def test_a_parameter_is_a_root_and_so_is_all_that_comes_out() -> None:
    assert [tree.key for tree in grown(ECHO.inputs)][:3] == ["x", "k", "scale"]
    (root,) = grown(SIGNATURES["detection"].outputs)
    assert [child.key for child in root.children[0].children] == ["boxes", "labels", "scores"]


@pytest.mark.parametrize(
    "nodes",
    [
        [leaf("x.y")],
        [node("a", "record"), leaf("b.x")],
        [leaf("a"), leaf("a.x")],
        [node("", "record"), leaf("a.x")],
        [node("", "list"), leaf("*"), leaf("a.b")],
    ],
    ids=str,
)
def test_a_value_belongs_to_a_group_before_it(nodes: list[Node]) -> None:
    with pytest.raises(ValueError, match="belongs to no group"):
        grown(nodes)


def test_what_is_always_there_is_there_whatever_was_saved() -> None:
    assert names([leaf("x"), node("k", "int")]) == ["x", "k"]
    assert names([node("", "tuple"), node("0", "none"), leaf("1"), node("2", "constant")]) == ["1"]


def test_what_may_be_left_out_is_there_when_anything_of_it_was_saved() -> None:
    nodes = [leaf("x"), node("m", "record", optional=True), leaf("m.a"), leaf("m.b"), node("mm", "int", optional=True)]
    assert names(nodes, "x") == ["x"]
    assert names(nodes, "m.b") == ["x", "m.a", "m.b"]
    assert names(nodes, "mm") == ["x", "mm"]


def test_a_list_is_as_long_as_what_was_saved() -> None:
    assert names(DETECTIONS) == []
    assert names(DETECTIONS, "1.labels") == [
        f"{number}.{key}" for number in (0, 1) for key in ("boxes", "labels", "scores")
    ]
    nested = [node("a", "list"), node("a.*", "list"), leaf("a.*.*")]
    assert names(nested, "a.0.0", "a.10.1") == ["a.0.0", "a.10.0", "a.10.1"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("one tensor", "float32[N,3,224,224] -> float32[N,1000]"),
        ("detection", "list[float32[3,H,W]] -> list[{boxes: float32[d0,4], labels: int64[d0], ...}]"),
        ("an optional mask", "float32[N,4], bool[N]? -> float32[?]?"),
        ("an LSTM", "float32[L,N,8] -> (float32[L,N,16], (float32[2,N,16], float32[2,N,16]))"),
        ("numbers and words", "float32[N,4], int, float, bool, str -> (float32[N], int, float, ...)"),
        ("no input", "nothing -> float64[]"),
        ("nothing but constants", "float32[N,4] -> {v: 3}"),
    ],
)
def test_a_signature_is_told_in_one_short_line(name: str, told: str) -> None:
    assert signature_text(SIGNATURES[name]) == told


def test_what_never_changes_is_told_too() -> None:
    outputs = (node("", "tuple"), node("0", "none"), node("1", "constant", type="str", value="a"))
    assert signature_text(Signature(inputs=(), outputs=outputs)) == "nothing -> (None, 'a')"
