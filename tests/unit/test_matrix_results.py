"""What is kept of a leg, and when it is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ConfigError
from tsgen.matrix import results
from tsgen.types.matrix import Leg, LegResult, MatrixReport, Measured

from . import make

if TYPE_CHECKING:
    from pathlib import Path

LEG = Leg(platform="linux-x86_64", torch_version="2.14.1", accelerator="cpu", build_type="release", compiler="g++")
PROVEN = LegResult(
    leg=LEG,
    name=LEG.name,
    state="proven",
    strategy="native",
    facts=("a fact",),
    libtorch=make.libtorch(version="2.14.1", origin="wheel").pin,
    compiler="g++ 12.2",
    parity=make.report(),
    measured=Measured(
        milliseconds=1.0,
        python_milliseconds=2.0,
        cold_start_milliseconds=300.0,
        python_cold_start_milliseconds=None,
        program_bytes=1,
        model_bytes=2,
        libtorch_bytes=3,
    ),
    timings={"build": 1.5},
    date="2026-01-01T00:00:00+00:00",
    inputs="abc",
)


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    results.keep(tmp_path, PROVEN)
    assert results.kept(tmp_path, LEG, "abc") == PROVEN


@pytest.mark.parametrize("state", ["failed", "lacking", "elsewhere", "impossible"])
def test_what_did_not_go_well_is_done_again(tmp_path: Path, state: str) -> None:
    results.keep(tmp_path, replace(PROVEN, state=state))  # type: ignore[arg-type]
    assert results.kept(tmp_path, LEG, "abc") is None


def test_other_inputs_another_result(tmp_path: Path) -> None:
    results.keep(tmp_path, PROVEN)
    assert results.kept(tmp_path, LEG, "abd") is None
    results.forget(tmp_path, LEG)
    results.forget(tmp_path, LEG)
    assert results.kept(tmp_path, LEG, "abc") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"leg": {}}'])
def test_a_broken_file_is_no_result(tmp_path: Path, text: str) -> None:
    results.keep(tmp_path, PROVEN)
    path = results.folder(tmp_path) / LEG.name / results.RESULT
    path.write_text(text, encoding="utf-8")
    assert results.kept(tmp_path, LEG, "abc") is None
    with pytest.raises(ConfigError, match=r"result\.json is no result of a leg"):
        list(results.below(tmp_path))


def test_the_newest_result_of_each_leg_is_merged(tmp_path: Path) -> None:
    results.keep(tmp_path / "old", replace(PROVEN, state="failed", date="2025-12-31T00:00:00+00:00"))
    results.keep(tmp_path / "a new one", PROVEN)
    other = replace(LEG, compiler="clang++")
    results.keep(tmp_path, replace(PROVEN, leg=other, name=other.name))
    assert {each.name: each.state for each in results.below(tmp_path)} == {LEG.name: "proven", other.name: "proven"}


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no result\.json below") as refused:
        list(results.below(tmp_path))
    assert "downloaded" in refused.value.hint


def test_the_report_is_one_document(tmp_path: Path) -> None:
    report = MatrixReport(
        project="myapp", model="resnet18", model_sha256="0", torch_version="2.14.1", tsgen_version="1", legs=(PROVEN,)
    )
    document = json.loads(results.write_report(tmp_path, report).read_text(encoding="utf-8"))
    assert document["legs"][0]["leg"]["compiler"] == "g++"
    assert (tmp_path / "build/matrix/matrix.json").is_file()
