"""Which names a project can have, and what its leaves are called in C++."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tsgen import render
from tsgen.errors import ConfigError
from tsgen.render.names import Scope
from tsgen.types import Node, Signature

from .make import artifact, leaf, node

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.mark.parametrize("name", ["myapp", "my-app", "my_app", "App2", "a", "resnet18-demo", "classes", "a" * 64])
def test_a_good_name(name: str) -> None:
    render.check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../x", id="path upwards"),
        pytest.param("a/b", id="path"),
        pytest.param("a\\b", id="Windows path"),
        pytest.param("/opt/x", id="absolute path"),
        pytest.param(".", id="this folder"),
        pytest.param("..", id="parent folder"),
        pytest.param(".hidden", id="leading dot"),
        pytest.param("-x", id="leading dash"),
        pytest.param("_x", id="leading underscore"),
        pytest.param("3d", id="leading digit"),
        pytest.param("größe", id="not ASCII"),
        pytest.param("naïve", id="accent"),
        pytest.param("a\uff11", id="a digit that is not ASCII"),
        pytest.param("", id="empty"),
        pytest.param(" ", id="blank"),
        pytest.param("my app", id="space"),
        pytest.param("my.app", id="dot"),
        pytest.param("app\n", id="line end"),
        pytest.param("{{x}}", id="Jinja"),
        pytest.param("$HOME", id="variable"),
        pytest.param("a;b", id="semicolon"),
        pytest.param("a" * 65, id="too long"),
    ],
)
def test_a_name_that_cannot_be_written(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be a project's name: up to 64 ASCII letters") as caught:
        render.check_name(name)
    assert "--output" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        *("class", "namespace", "int", "template", "co_await", "char8_t", "requires"),
        *("test", "all", "install", "clean", "help", "package"),
        *("std", "torch", "c10", "at", "main"),
        *("con", "nul", "aux", "com1", "LPT1"),
        *("Class", "TEST", "and-eq", "not-eq"),
    ],
)
def test_a_name_that_is_taken(name: str) -> None:
    with pytest.raises(ConfigError, match="C\\+\\+, CMake, LibTorch or Windows uses it") as caught:
        render.check_name(name)
    suggested = caught.value.hint.rpartition(" ")[2]
    render.check_name(suggested)


def identifiers(names: Iterable[str]) -> list[str]:
    """Of these outputs, as the typed API calls them."""
    scope = Scope()
    return [scope.value(name, "output") for name in names]


@pytest.mark.parametrize(
    ("name", "in_cpp"),
    [
        ("boxes", "boxes"),
        ("input_ids", "input_ids"),
        ("0.scores", "output_0_scores"),
        ("features.1", "features_1"),
        ("a-b c", "a_b_c"),
        ("class", "output_class"),
        ("main", "output_main"),
        ("lambda", "lambda"),
        ("NULL", "output_NULL"),
        ("Outputs", "output_Outputs"),
        ("_x", "x"),
        ("__x", "x"),
        ("a__b", "a_b"),
        ("größe", "gr_e"),
    ],
)
def test_a_leaf_has_a_readable_identifier(name: str, in_cpp: str) -> None:
    assert identifiers([name]) == [in_cpp]


NAMES = [
    "",
    " ",
    "1",
    "_",
    "__",
    "a.b",
    "a_b",
    "a-b",
    "a b",
    "a_b_2",
    "a__b",
    "a_",
    "日本",
    "class",
    "output_class",
    "%",
    "..",
    "A_B",
]


def test_the_identifiers_of_a_model_are_legal() -> None:
    for name in identifiers(NAMES):
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name, re.ASCII), name
        assert "__" not in name


@pytest.mark.parametrize("names", [NAMES, list(reversed(NAMES)), ["a", "a"], ["a_2", "a", "a"], ["a", "a", "a_2"]])
def test_the_identifiers_of_a_model_differ(names: list[str]) -> None:
    found = identifiers(names)
    assert len(set(found)) == len(names), found


@pytest.mark.parametrize("word", ["class", "int", "double", "register", "typename", "xor", "bool", "and_eq"])
def test_a_word_of_cpp_is_no_identifier(word: str) -> None:
    assert identifiers([word]) == [f"output_{word}"]


def test_the_typed_api_knows_the_leaves() -> None:
    signature = Signature(
        inputs=(leaf("input_ids", "int64", "N", 16), leaf("scale", "float64")),
        outputs=(
            node("", "record"),
            leaf("scores", "bfloat16", "N", 3),
            Node(name="größe", dtype="bool", shape=None),
        ),
        dims={"N": 2},
    )
    text = render.api(artifact(signature=signature), "my-app")
    assert "namespace my_app" in text
    assert all(word in text for word in ("input_ids", "std::int64_t", "scale", "double", "scores", "BFloat16"))
    assert "{{" not in text
    assert "{%" not in text
    assert text.endswith("\n")


def test_a_name_of_a_leaf_cannot_break_out_of_its_string() -> None:
    """An output's name is a dict's key: anything."""
    signature = Signature(inputs=(leaf("x"),), outputs=(node("", "record"), leaf('a"; int evil = 1; //\\')))
    text = render.api(artifact(signature=signature), "myapp")
    assert '"; int evil' not in text.replace('\\"', "")


@pytest.mark.parametrize("model", ["*/ int evil = 1; /*", "net.py:Net\nint evil = 1;"])
def test_the_name_of_the_model_cannot_break_out_of_its_comment(model: str) -> None:
    text = render.api(artifact(model=model), "myapp")
    for line in text.splitlines():
        assert "int evil" not in line or line.lstrip().startswith("//")
