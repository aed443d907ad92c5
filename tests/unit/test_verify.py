"""The compiled program is run and not taken at its word."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen import verify
from tsgen.config import DEFAULT_TOLERANCES
from tsgen.errors import ParityError
from tsgen.types import PROVEN, Artifact, Case, ParityReport, Reason, Signature, Tolerance, Verdict

from .make import build, exported, leaf, libtorch, node, parity, report

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script")


class Program:
    """A program that writes what stands in `answers` and prints what `says` holds."""

    def __init__(self, folder: Path, shell: Script) -> None:
        self.folder, self.shell = folder, shell
        self.artifact: Artifact = exported(folder / "model")
        self.answers = folder / "an swers"
        shutil.copytree(folder / "model" / "cases", self.answers)
        cases = [{"name": "ones", "milliseconds": 1.0}, {"name": "random-1", "milliseconds": 2.0}]
        self.says: dict[str, Any] = {"passed": True, "demand": "exact", "reason": "", "cases": cases}
        self.says["torch_version"] = "2.14.1"
        self.text: str | None = None
        self.status = 0

    def answer(self, case: str, *values: float) -> None:
        np.save(self.answers / case / "output.output.npy", np.array(values, "float32"))

    def prove(self, **tolerances: Tolerance) -> ParityReport:
        (self.folder / "says").write_text(self.text or json.dumps(self.says), encoding="utf-8")
        body = f"""
            echo "$@" > "{self.folder}/words"
            model="$1"
            while [ "$1" != --output ]; do shift; done
            cp -R "{self.answers}/." "$2"
            echo "a warning of the program" >&2
            cat "{self.folder}/says"
            exit {self.status}
            """
        executable = self.shell(self.folder / "my app", body)
        return verify.prove(build(executable), self.artifact, libtorch(), {**DEFAULT_TOLERANCES, **tolerances})

    def refusal(self) -> ParityError:
        with pytest.raises(ParityError) as caught:
            self.prove()
        return caught.value


@pytest.fixture
def program(tmp_path: Path, shell: Script) -> Program:
    return Program(tmp_path, shell)


def test_a_program_of_another_libtorch_is_not_taken_for_this_one(program: Program) -> None:
    program.says["torch_version"] = "2.13.0"
    assert program.refusal().message == "the program was built with LibTorch 2.13.0, not with 2.14.1"


def test_equal_outputs_are_proven(program: Program) -> None:
    made = program.prove()
    assert (made.passed, made.demand, made.reason, made.devices) == (True, "exact", "", {"cpu": PROVEN})
    assert [(case.name, case.output, case.max_abs) for case in made.cases] == [
        ("ones", "output", 0.0),
        ("random-1", "output", 0.0),
    ]
    assert (made.milliseconds, made.python_milliseconds) == (1.5, 3.0)
    verify.require(made, program.artifact, [])


@pytest.mark.parametrize("times", [(None, None), (2.0, None)])
def test_without_the_time_of_every_case_python_has_none(program: Program, times: tuple[float | None, ...]) -> None:
    cases = zip(program.artifact.cases, times, strict=True)
    program.artifact = replace(
        program.artifact, cases=tuple(replace(case, python_milliseconds=time) for case, time in cases)
    )
    assert program.prove().python_milliseconds is None


def test_the_program_replays_the_cases_of_this_model_with_one_thread(program: Program) -> None:
    program.prove()
    words = (program.folder / "words").read_text(encoding="utf-8")
    assert words.startswith(f"{program.folder}/model/model.pt --verify --threads 1 --output ")
    assert "--json" in words


def test_outputs_that_differ_fail_whatever_the_program_says(program: Program) -> None:
    program.answer("random-1", 2, 4.5)
    made = program.prove()
    assert (made.passed, made.devices) == (False, {"cpu": Verdict("failed")})
    with pytest.raises(ParityError) as caught:
        verify.require(made, program.artifact, [])
    assert caught.value.exit_code == 8
    assert caught.value.message == (
        "C++ and Python differ: case random-1, output output, index [1]: C++ 4.5, Python 4.0 (values that differ: 1)"
    )
    assert caught.value.details == "1 of 2 comparisons failed"


def test_a_program_that_fails_its_own_verify_fails_whatever_it_wrote(program: Program) -> None:
    program.says["passed"], program.status = False, 1
    made = program.prove()
    assert not made.passed
    with pytest.raises(ParityError, match="the program's own --verify fails"):
        verify.require(made, program.artifact, [])


def test_a_program_that_says_passed_but_ends_with_a_failure_fails(program: Program) -> None:
    program.status = 1
    with pytest.raises(ParityError):
        verify.require(program.prove(), program.artifact, [])


def test_an_exact_demand_knows_no_tolerance(program: Program) -> None:
    program.answer("ones", 0, 2.0000002)
    made = program.prove(float32=Tolerance(rtol=1, atol=1))
    assert (made.passed, made.tolerance) == (False, {})


def test_a_tolerance_is_used_where_the_program_gives_a_reason(program: Program) -> None:
    program.says.update(demand="tolerance", reason="another CPU")
    program.answer("ones", 0, 2.0000002)
    made = program.prove()
    assert (made.passed, made.demand, made.reason) == (True, "tolerance", "another CPU")
    assert made.tolerance == DEFAULT_TOLERANCES
    assert made.cases[0].max_abs == pytest.approx(2.4e-7, rel=0.1)


def test_the_same_answer_to_every_input_is_not_proven(program: Program) -> None:
    for folder in (program.artifact.path.parent / "cases", program.answers):
        for case in program.artifact.cases:
            np.save(folder / case.name / "output.output.npy", np.ones(2, "float32"))
    made = program.prove()
    assert not made.passed
    assert made.devices["cpu"] == Verdict("not proven", Reason("constant_output"))
    with pytest.raises(ParityError, match="not proven") as caught:
        verify.require(made, program.artifact, [])
    assert "--weights" in caught.value.hint


def test_a_missing_output_is_a_mismatch(program: Program) -> None:
    (program.answers / "ones" / "output.output.npy").unlink()
    with pytest.raises(ParityError, match="case ones, output output: Python gives this output, C\\+\\+ does not"):
        verify.require(program.prove(), program.artifact, [])


def test_an_output_more_is_a_mismatch(program: Program) -> None:
    np.save(program.answers / "random-1" / "output.more.npy", np.ones(1, "float32"))
    made = program.prove()
    assert not made.passed
    assert [(case.name, case.output) for case in made.cases if not case.passed] == [("random-1", "more")]


def test_a_case_of_an_exported_method_is_held_against_its_own_signature(program: Program) -> None:
    method = Signature(inputs=(), outputs=(node("", "tuple"), leaf("0", "int64"), node("1", "float")))
    signature = replace(program.artifact.signature, methods={"encode": method})
    cases = (*program.artifact.cases, Case(name="encode-ones", python_milliseconds=1, method="encode"))
    for folder in (program.folder / "model" / "cases", program.answers):
        (folder / "encode-ones").mkdir()
        np.save(folder / "encode-ones" / "output.0.npy", np.array(3))
        np.save(folder / "encode-ones" / "output.1.npy", np.array(0.5))
    program.artifact = replace(program.artifact, signature=signature, cases=cases)
    program.says["cases"].append({"name": "encode-ones", "milliseconds": 1.0})
    made = program.prove()
    assert made.passed
    assert [(case.name, case.output) for case in made.cases[2:]] == [("encode-ones", "0"), ("encode-ones", "1")]
    np.save(program.answers / "encode-ones" / "output.1.npy", np.array(0.25))
    with pytest.raises(ParityError, match="case encode-ones, output 1"):
        verify.require(program.prove(), program.artifact, [])


def test_a_refusal_of_the_program_keeps_its_words(program: Program) -> None:
    program.says, program.status = {"error": {"message": "model.pt is truncated", "hint": "export again"}}, 2
    error = program.refusal()
    assert error.message == "the program refused: model.pt is truncated"
    assert error.hint == "export again"


@pytest.mark.parametrize("text", ["Hello, world!\n", " ", "ok\n{}"])
def test_a_program_that_answers_without_json_is_told_so(program: Program, text: str) -> None:
    program.text, program.status = text, 139
    error = program.refusal()
    assert "did not answer `--verify --json` as expected; it ended with status 139" in error.message
    assert error.details == "a warning of the program"


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"passed": true}', '{"passed": true, "cases": [{}]}'])
def test_a_program_that_answers_with_other_json_is_told_so(program: Program, text: str) -> None:
    program.text = text
    assert program.refusal().exit_code == 8


def test_a_case_that_was_left_out_is_told(program: Program) -> None:
    program.says["cases"].pop()
    assert program.refusal().message == "the program did not replay every case"


def test_a_case_that_was_invented_is_told(program: Program) -> None:
    program.says["cases"].append({"name": "more", "milliseconds": 1.0})
    assert program.refusal().message == "the program did not replay every case"


def test_no_case_at_all_is_no_proof(program: Program) -> None:
    program.artifact = exported(program.folder / "none", cases=())
    program.says["cases"] = []
    with pytest.raises(ParityError):
        verify.require(program.prove(), program.artifact, [])


class TestRequire:
    def refusal(self, made: ParityReport, changed: list[str], tmp_path: Path) -> ParityError:
        with pytest.raises(ParityError) as caught:
            verify.require(
                made, exported(tmp_path / "model", cases=(Case(name="ones", python_milliseconds=1),)), changed
            )
        return caught.value

    def test_a_proof_of_files_that_changed_since_is_none(self, tmp_path: Path) -> None:
        error = self.refusal(report(), ["model.pt"], tmp_path)
        assert "model/model.pt is not the file that was exported" in error.message
        assert "tsgen build" in error.hint

    def test_a_mismatch_with_a_changed_file_names_the_likely_reason(self, tmp_path: Path) -> None:
        failed = parity(passed=False, index=(0,), expected="1", actual="2", mismatches=1)
        error = self.refusal(report(failed, cpu="failed"), ["model.pt"], tmp_path)
        assert error.hint.startswith("model.pt is not the file that was exported")

    def test_a_mismatch_within_a_tolerance_may_be_allowed_by_hand(self, tmp_path: Path) -> None:
        failed = parity(passed=False, index=(0,), expected="1", actual="2", mismatches=1)
        error = self.refusal(report(failed, cpu="failed", demand="tolerance"), [], tmp_path)
        assert "[tolerance] in tsgen.toml" in error.hint

    @pytest.mark.parametrize(
        ("failed", "words"),
        [
            (
                parity(passed=False, index=(0, 12), expected="1.0", actual="nan", mismatches=3),
                "case ones, output output, index [0,12]: C++ nan, Python 1.0 (values that differ: 3)",
            ),
            (
                parity(passed=False, index=(), expected="1", actual="2", mismatches=1),
                "case ones, output output, index []: C++ 2, Python 1 (values that differ: 1)",
            ),
            (
                parity(passed=False, problem="C++ gives int64[], Python float32[]"),
                "case ones, output output: C++ gives int64[], Python float32[]",
            ),
        ],
    )
    def test_a_mismatch_is_described_by_its_place_and_both_values(self, failed: Any, words: str) -> None:
        assert verify.describe(failed) == words
