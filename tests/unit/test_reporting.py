"""One project as a page, also when its proof does not hold."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import pipeline
from tsgen.commands import report as reporting
from tsgen.errors import ConfigError, LibTorchError, ParityError
from tsgen.types import Outcome, Project

from .legs import compared, leg, parity, proven
from .legs import report as matrix
from .make import build, contents, exported, libtorch, report

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script, Tsgen

HINT = "look at src/"
PROBLEM = "C++ and Python differ: case ones"
DIFFERS = ParityError(PROBLEM, hint=HINT, report=report(cpu="failed"))


@pytest.fixture
def outcome(tmp_path: Path, shell: Script) -> Outcome:
    if sys.platform == "win32":
        pytest.skip("the stand-in is an sh script")
    return Outcome(
        project=Project(name="myapp", root=tmp_path),
        libtorch=libtorch(tmp_path / "torch", accelerator="cu130", version="2.14.1+cu130"),
        artifact=exported(tmp_path / "model"),
        build=replace(build(shell(tmp_path / "myapp", "exit 0")), compiler="Apple clang++ 15.0"),
        parity=report(),
        timings={"prove": 0.5},
    )


def test_a_proven_project_is_a_matrix_of_one_leg(outcome: Outcome) -> None:
    made = reporting.of_outcome(outcome, None)
    (found,) = made.legs
    assert (found.state, found.reason, found.strategy) == ("proven", "", "native")
    assert (found.name, found.leg.compiler) == ("linux-x86_64-2.14.1-cu130-release-Apple clang++", "Apple clang++")
    assert found.measured
    assert found.measured.cold_start_milliseconds > 0
    assert outcome.artifact
    assert (made.project, made.model, made.model_sha256) == ("myapp", "net.py:Net", outcome.artifact.sha256)


def test_the_leg_is_of_the_runtime_that_was_proven(outcome: Outcome) -> None:
    assert outcome.artifact
    assert outcome.build
    library = outcome.build.runner.parent / "model/model.so"
    library.parent.mkdir(exist_ok=True)
    library.touch()
    compiled = replace(outcome, artifact=replace(outcome.artifact, runtime="aotinductor"))
    (found,) = reporting.of_outcome(compiled, None).legs
    assert found.leg.runtime == "aotinductor"
    assert "aotinductor" in found.name


def test_what_failed_says_why(outcome: Outcome) -> None:
    (found,) = reporting.of_outcome(outcome, None, DIFFERS).legs
    assert (found.state, found.reason, found.hint) == ("failed", PROBLEM, HINT)


def test_a_program_that_cannot_be_timed_still_has_its_proof(outcome: Outcome, shell: Script, tmp_path: Path) -> None:
    broken = replace(outcome, build=build(shell(tmp_path / "broken", "exit 4")))
    (found,) = reporting.of_outcome(broken, None).legs
    assert (found.state, found.measured, found.parity) == ("proven", None, outcome.parity)


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = contents(tmp_path)
    with pytest.raises(ConfigError, match="a part of its path is a file") as caught:
        reporting.write(tmp_path / "file" / "page.html", matrix(proven(leg())))
    assert "--report" in caught.value.hint
    assert contents(tmp_path) == before


def failing(monkeypatch: pytest.MonkeyPatch, outcome: Any) -> None:
    """Let the test of a project end as it must, and `outcome` be what is found of it."""

    def test(*_: Any, **_also: Any) -> Outcome:
        raise DIFFERS

    def found(*_: Any) -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(pipeline, "test", test)
    monkeypatch.setattr(reporting, "of_failure", found)


def test_a_failed_proof_keeps_its_exit_code_and_gets_its_page(
    tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bad = replace(compared(0.5)[0], passed=False)
    failing(monkeypatch, matrix(proven(leg(), parity=parity(bad), state="failed", reason=PROBLEM)))
    page = tmp_path / "new folder" / "page.html"
    assert tsgen("test", str(tmp_path), "--report", str(page)) == 8
    assert PROBLEM in tsgen.err
    assert PROBLEM in page.read_text(encoding="utf-8")


def test_whatever_hinders_the_page_the_proof_has_the_last_word(
    tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing(monkeypatch, LibTorchError("it is gone"))
    assert tsgen("test", str(tmp_path), "--report", str(tmp_path / "page.html")) == 8
    assert "there is no report: it is gone" in tsgen.out
    assert not (tmp_path / "page.html").exists()


def test_a_search_for_the_operator_has_no_page(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("test", str(tmp_path), "--bisect", "--report", "page.html") == 2
    assert "--report does not go with --bisect" in tsgen.err
