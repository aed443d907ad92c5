"""What is read from JSON is of the type that was asked for, or is refused with the place and the reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from tsgen.errors import ExportError
from tsgen.system import codec


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Whole:
    root: Path
    kind: Literal["a", "b"] = "a"
    parts: tuple[Part, ...] = ()
    limits: dict[str, float | None] = field(default_factory=dict)
    named: dict[str, Part] = field(default_factory=dict)


WHOLE = Whole(
    root=Path("/größe"),
    parts=(Part(name="x", sizes=(1, 2)), Part(name="")),
    limits={"float32": 1e-05, "none": None},
    named={"a.b": Part(name="y")},
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(codec.text_of(WHOLE), encoding="utf-8")
    assert codec.read(tmp_path / "a.json", Whole) == WHOLE


def test_the_text_is_as_the_standard_library_writes_it() -> None:
    """What is committed keeps its bytes: msgspec would write 1e-5."""
    assert codec.text_of({"a": 1e-05, "b": [], "c": "ä"}) == '{\n  "a": 1e-05,\n  "b": [],\n  "c": "ä"\n}\n'
    assert codec.text_of({"a": (1, 2)}, indent=None) == '{"a": [1, 2]}\n'


def test_a_path_that_is_no_utf_8_can_be_written() -> None:
    text = codec.text_of({"a": Path("/\udcff")}, indent=None)
    assert text.encode() == b'{"a": "/\\udcff"}\n'


def test_numbers_of_numpy_stay_numbers() -> None:
    assert json.loads(codec.text_of({"a": np.float64(0.5)})) == {"a": 0.5}
    with pytest.raises(TypeError, match="no type of JSON"):
        codec.text_of({"a": np.zeros(1)})


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "expected `object`, got `array`"),
        ({}, "object missing required field `root`"),
        ({"root": 3}, "at `root`: "),
        ({"root": "/", "kind": "c"}, "at `kind`: invalid enum value 'c'"),
        ({"root": "/", "parts": [{"name": "x"}, {"name": 1}]}, "at `parts[1].name`: expected `str`, got `int`"),
        (
            {"root": "/", "parts": [{"name": "x", "sizes": [True]}]},
            "at `parts[0].sizes[0]`: expected `int`, got `bool`",
        ),
        ({"root": "/", "limits": {"a": 10**400}}, "out of range"),
        ({"root": "/", "more": 1}, "`more` is a key that nobody knows"),
        ({"root": "/", "parts": [{"name": "x", "more": 1}]}, "`parts[0].more` is a key that nobody knows"),
        ({"root": "/", "named": {"a": {"name": "x", "more": 1}}}, "`named.a.more` is a key that nobody knows"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_document_of_another_form_is_told(document: Any, why: str) -> None:
    with pytest.raises(codec.FormError) as caught:
        codec.value_of(Whole, document)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "truncated"),
        (b'{\n"a": [1,\n', "truncated in line 2"),
        (b'{"a": 1} more', "trailing characters in line 1"),
        (b'{\n"a": NaN}', "invalid character in line 2"),
        (b"[1e999]", "out of range"),
        (b"\xef\xbb\xbf{}", "invalid character in line 1"),
        pytest.param(b"[" * 10**5, "nested too deep", id="deep"),
        pytest.param(b"1" * 5000, "out of range", id="huge"),
    ],
)
def test_what_is_no_json_is_told(tmp_path: Path, text: bytes, why: str) -> None:
    with pytest.raises(codec.FormError, match=why):
        codec.parsed(text)
    (tmp_path / "a.json").write_bytes(text)
    assert codec.read_own(tmp_path / "a.json", dict[str, Any]) is None
    with pytest.raises(ExportError, match=f"a.json cannot be used: .*{why}") as caught:
        codec.read_or_refuse(tmp_path / "a.json", Whole, ExportError, "cannot be used", "delete it")
    assert caught.value.hint == "delete it"


def test_a_file_that_is_not_there_is_none_of_ours(tmp_path: Path) -> None:
    assert codec.read_own(tmp_path / "a.json", Whole) is None
    assert codec.read_own(tmp_path, Whole) is None
