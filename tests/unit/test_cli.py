"""The command line as a user meets it: exit codes, words and JSON, without any real work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline
from tsgen.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

COMMANDS = ["new", "build", "test", "export"]


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "tsgen.toml").write_text('name = "myapp"\nmodel = "resnet18"\n', encoding="utf-8")
    return str(tmp_path)


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException, stage: str = "build") -> None:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, stage, raise_it)


def test_help_names_every_command(tsgen: Tsgen) -> None:
    assert tsgen("--help") == 0
    assert all(f"  {name} " in tsgen.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(tsgen: Tsgen, name: str) -> None:
    assert tsgen(name, "--help") == 0
    assert f"Usage: tsgen {name}" in tsgen.out
    assert "--json" in tsgen.out


@pytest.mark.parametrize(
    ("option", "variable"),
    [
        ("--model", "TSGEN_MODEL"),
        ("--model-arg", "TSGEN_MODEL_ARG"),
        ("--weights", "TSGEN_WEIGHTS"),
        ("--input", "TSGEN_INPUT"),
        ("--method", "TSGEN_METHOD"),
        ("--seed", "TSGEN_SEED"),
        ("--libtorch", "TSGEN_LIBTORCH"),
        ("--build-type", "TSGEN_BUILD_TYPE"),
        ("--python", "TSGEN_PYTHON"),
        ("--output", "TSGEN_OUTPUT"),
    ],
)
def test_every_choice_has_a_variable(tsgen: Tsgen, option: str, variable: str) -> None:
    tsgen("new", "--help")
    assert option in tsgen.out
    assert variable in tsgen.out


def test_the_version_is_told(tsgen: Tsgen) -> None:
    assert tsgen("--version") == 0
    assert tsgen.out.startswith("tsgen, version ")


@pytest.mark.parametrize(
    ("words", "told", "see"),
    [
        (["nwe"], "nwe", "tsgen --help"),
        (["new"], "NAME", "tsgen new --help"),
        (["new", "myapp"], "--model", "tsgen new --help"),
        (["new", "myapp", "--model", "resnet18", "--modell", "x"], "--modell", "tsgen new --help"),
        (["new", "myapp", "--model", "resnet18", "--method", "magic"], "magic", "tsgen new --help"),
        (["new", "myapp", "--model", "resnet18", "--seed", "x"], "'x'", "tsgen new --help"),
        (["build", "a", "b"], "b", "tsgen build --help"),
        (["export", "resnet18"], "--output", "tsgen export --help"),
    ],
)
def test_a_wrong_word_is_refused_with_where_to_look(tsgen: Tsgen, words: list[str], told: str, see: str) -> None:
    assert tsgen(*words) == 2
    assert tsgen.out == ""
    first, *_, last = tsgen.err.splitlines()
    assert first.startswith("error: ")
    assert told in first
    assert last == f"hint: see `{see}`"


def test_without_any_word_the_help_is_shown(tsgen: Tsgen) -> None:
    tsgen()
    assert (tsgen.out + tsgen.err).startswith("Usage: tsgen")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "net.py"], "`net.py` is not a model spec"),
        (["--model", "resnet18", "--input", "3,4"], "`3,4` is not [NAME=]SHAPE[:DTYPE]"),
        (["--model", "resnet18", "--model-arg", "n"], "`n` is not K=V"),
        (["--model", "resnet18", "--libtorch", "instaled"], "`instaled` is not a provider"),
        (["--model", "resnet18", "--python", "/no/python"], "`/no/python` does not exist"),
    ],
)
def test_a_bad_value_is_refused_before_anything_is_made(
    tsgen: Tsgen, tmp_path: Path, words: list[str], told: str
) -> None:
    assert tsgen("new", "myapp", "--output", str(tmp_path), *words) == 2
    assert told in tsgen.err
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_no_disk_can_hold_is_refused(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("new", "a" * 300, "--model", "resnet18", "--output", str(tmp_path)) in {2, 5}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["build", "test"])
def test_a_folder_that_is_no_project_is_refused_and_left_alone(tsgen: Tsgen, tmp_path: Path, name: str) -> None:
    assert tsgen(name, str(tmp_path)) == 2
    assert f"{tmp_path} is not a tsgen project" in tsgen.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["nwe"], ["new", "myapp"], ["build", "/no/such/folder"], ["build", "--modle", "x"]])
def test_json_has_one_document_for_an_error_too(tsgen: Tsgen, words: list[str]) -> None:
    assert tsgen(*words, "--json") == 2
    error = tsgen.document["error"]
    assert list(error) == ["code", "message", "hint", "details"]
    assert error["code"] == 2
    assert error["message"] in tsgen.err
    assert error["hint"] in tsgen.err


def test_an_error_of_tsgen_shows_details_message_and_hint(
    tsgen: Tsgen, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, ExportError("it raised", hint="mend it", details="net.py:3\n  1 / 0"))
    assert tsgen("build", project) == 4
    assert tsgen.err.splitlines() == ["    net.py:3", "      1 / 0", "error: it raised", "hint: mend it"]


def test_a_bug_is_told_without_a_traceback(tsgen: Tsgen, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, ZeroDivisionError("boom"))
    assert tsgen("build", project) == 1
    assert tsgen.err.splitlines()[0] == "error: this is a bug in tsgen: ZeroDivisionError: boom"
    assert "-v" in tsgen.err
    assert "Traceback" not in tsgen.err


@pytest.mark.parametrize("flag", ["-v", "--verbose"])
def test_a_bug_is_told_with_a_traceback_when_asked(
    tsgen: Tsgen, project: str, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    fail(monkeypatch, ZeroDivisionError("boom"))
    assert tsgen("build", project, flag) == 1
    assert "Traceback" in tsgen.err


def test_a_bug_is_one_json_document_too(tsgen: Tsgen, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, ZeroDivisionError("boom"))
    assert tsgen("build", project, "--json") == 1
    assert tsgen.document["error"]["code"] == 1


def test_an_interrupt_has_its_own_status(tsgen: Tsgen, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, KeyboardInterrupt())
    assert tsgen("build", project, "--json") == 130
    assert tsgen.document["error"] == {
        "code": 130,
        "message": "interrupted",
        "hint": f"`tsgen build {project} --json` goes on from there",
        "details": "",
    }


@pytest.mark.parametrize(
    ("kept", "way_on"),
    [(False, "nothing was kept: the same `tsgen new` begins again"), (True, "`tsgen build {}` goes on from there")],
)
def test_an_interrupted_new_says_what_goes_on(
    tsgen: Tsgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool, way_on: str
) -> None:
    fail(monkeypatch, KeyboardInterrupt(), "new")
    if kept:
        (tmp_path / "myapp").mkdir()
        (tmp_path / "myapp/tsgen.toml").touch()
    assert tsgen("new", "myapp", "--model", "resnet18", "--output", str(tmp_path)) == 130
    assert way_on.format(tmp_path / "myapp") in tsgen.err
