"""What a file says is shown, and a terminal does not obey it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tsgen import cli, console
from tsgen.console import Json, Lines
from tsgen.console.readable import harmless, readable

if TYPE_CHECKING:
    from pathlib import Path

WIPES = "\x1b[2J\x9b1m\u202egnp\x07"


def test_what_a_terminal_would_obey_is_spelled() -> None:
    assert harmless(f"net.py{WIPES}") == r"net.py\x1b[2J\x9b1m\u202egnp\x07"
    assert harmless("größe\t5 · ok\n") == "größe\t5 · ok\n"


def test_a_word_of_thousands_of_characters_is_cut() -> None:
    said = readable(f"the name {'x' * 10_000}y is none")
    assert said == f"the name {'x' * 160}...{'x' * 79}y is none"
    assert readable("short " * 20) == "short " * 20


def test_thousands_of_words_are_cut_between_words() -> None:
    said = readable("one " * 5000)
    assert len(said) < 2100
    assert " ... " in said


def test_a_line_a_note_and_an_error_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    for each in (Lines(verbose=True), Json()):
        console.current.set(each)
        console.line(WIPES)
        console.note(WIPES)
        console.detail(WIPES)
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err
        assert r"\x1b[2J" in said.out + said.err


@pytest.mark.parametrize("value", [f'"{"x" * 10_000}"', f'["{"x" * 10_000}", "{"x" * 10_000}"]', '"\\u001b[2J"'])
def test_a_refusal_of_tsgen_toml_quotes_in_part(tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    (tmp_path / "tsgen.toml").write_text(f'name = "app"\nmodel = "resnet18"\nmatrix = {value}\n')
    with pytest.raises(SystemExit) as ending:
        cli.main(["matrix", str(tmp_path), "--json"])
    said = capsys.readouterr()
    assert ending.value.code == 2
    assert "`matrix` must be a table" in said.err
    assert "\x1b" not in said.err
    assert len(json.loads(said.out)["error"]["message"]) < 700
