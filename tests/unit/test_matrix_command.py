"""The words of `tsgen matrix`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tsgen import cli, libtorch
from tsgen.doctor import cuda
from tsgen.doctor.cuda import Driver
from tsgen.matrix import strategies

if TYPE_CHECKING:
    from pathlib import Path

TOML = """name = "myapp"
model = "resnet18"
torch_version = "2.14.1"

[matrix]
build_type = ["release", "debug"]
include = [
  { build_type = "release", accelerator = "cu130" },
]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(libtorch, "host_platform", lambda: "linux-x86_64")
    monkeypatch.setattr(cuda, "driver", lambda: Driver(cuda=None, devices=0))
    monkeypatch.setattr(strategies.native, "lacks", lambda _: None)
    (tmp_path / "tsgen.toml").write_text(TOML, encoding="utf-8")
    return tmp_path


def ended(*words: object) -> int:
    with pytest.raises(SystemExit) as ending:
        cli.main([*map(str, words)])
    return int(ending.value.code or 0)


def test_the_table_shows_what_each_leg_becomes_here(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("matrix", project) == 0
    told = re.sub(" +", " ", capsys.readouterr().out)
    assert "linux-x86_64-2.14.1-cpu-debug-g++ native proven" in told
    assert "linux-x86_64-2.14.1-cu130-release-g++ - needs other hardware it needs an NVIDIA GPU" in told
    assert "1 of 2 legs run here" in told


def test_json_is_one_document_and_a_leg_can_be_chosen(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("matrix", project, "--leg", "debug", "--json") == 0
    (leg,) = json.loads(capsys.readouterr().out)["legs"]
    assert (leg["strategy"], leg["target_state"], leg["leg"]["build_type"]) == ("native", "proven", "debug")


def test_github_gets_one_line_and_the_words_go_to_stderr(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("matrix", project, "--github") == 0
    told = capsys.readouterr()
    assert [each["leg"] for each in json.loads(told.out)["include"]] == ["linux-x86_64-2.14.1-cpu-debug-g++"]
    assert told.out.count("\n") == 1
    assert "note: linux-x86_64-2.14.1-cu130-release-g++ is left out" in told.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--run", "--github"], "--run and --github are two different things to do"),
        (["--github", "--merge", "."], "--github and --merge are two different things"),
        (["--jobs", "2"], "--jobs goes with --run only"),
        (["--run", "--jobs", "0"], "--jobs"),
        (["--leg", "nothing"], "no leg fits `nothing`"),
        (["--merge", "nowhere"], "does not exist"),
    ],
)
def test_words_that_do_not_go_together(
    project: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("matrix", project, *words) == 2
    assert told in capsys.readouterr().err
