"""The leg of the proof on CUDA: what is there must compute, and what is not there is never taken for a proof."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen import verify
from tsgen.config import DEFAULT_TOLERANCES
from tsgen.errors import ParityError
from tsgen.project import proof_cache
from tsgen.types import PROVEN, Reason, Verdict

from .make import build, exported, libtorch

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import ParityReport

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script")

NO_DRIVER = "no NVIDIA driver on this machine"
ABSENT = Verdict("not exercised", Reason("absent", NO_DRIVER))


class Program:
    """A program that answers right on the CPU, and on CUDA with what the test says."""

    def __init__(self, folder: Path, shell: Script) -> None:
        self.folder, self.artifact = folder, exported(folder / "model")
        self.on_cuda = folder / "cuda"
        for answers in (folder / "cpu", self.on_cuda):
            shutil.copytree(folder / "model" / "cases", answers)
        self.cuda(state="ready", devices=1)
        cases = [{"name": case.name, "milliseconds": 1.0} for case in self.artifact.cases]
        common = {"passed": True, "cases": cases, "torch_version": "2.14.1"}
        self.says("cpu", {**common, "demand": "exact", "reason": ""})
        self.says("cuda", {**common, "demand": "tolerance", "reason": "device cuda:0"})
        body = f"""
            echo "$@" >> "{folder}/words"
            case "$*" in
              *--info*) cat "{folder}/says-info"; exit ;;
              *"--device cuda"*) device=cuda ;;
              *) device=cpu ;;
            esac
            while [ "$1" != --output ]; do shift; done
            cp -R "{folder}/$device/." "$2"
            cat "{folder}/says-$device"
            """
        self.build = build(shell(folder / "myapp", body))

    def says(self, what: str, document: Any) -> None:
        (self.folder / f"says-{what}").write_text(json.dumps(document), encoding="utf-8")

    def cuda(self, state: str, devices: int = 0, problem: str = "") -> None:
        self.says("info", {"cuda": {"state": state, "devices": devices, "problem": problem, "hint": ""}})

    def answer(self, case: str, *values: float) -> None:
        np.save(self.on_cuda / case / "output.output.npy", np.array(values, "float32"))

    def prove(self) -> ParityReport:
        return verify.prove(self.build, self.artifact, libtorch(), DEFAULT_TOLERANCES, "cuda")

    def refusal(self) -> ParityError:
        with pytest.raises(ParityError) as caught:
            verify.require(self.prove(), self.artifact, [])
        return caught.value

    @property
    def runs(self) -> list[str]:
        return (self.folder / "words").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def program(tmp_path: Path, shell: Script) -> Program:
    return Program(tmp_path, shell)


def test_a_gpu_that_computes_the_same_within_tolerance_is_proven(program: Program) -> None:
    program.answer("ones", 0, 2.00001)
    made = program.prove()
    assert (made.passed, made.devices) == (True, {"cpu": PROVEN, "cuda": PROVEN})
    assert made.demand == "exact"
    assert [case.max_abs for case in made.cases] == [0.0, 0.0]
    verify.require(made, program.artifact, [])
    assert "--verify --threads 1 --device cuda --output" in program.runs[-1]


def test_a_gpu_that_computes_something_else_fails(program: Program) -> None:
    program.answer("random-1", 2, 4.5)
    made = program.prove()
    assert not made.passed
    assert made.devices["cpu"] == PROVEN
    error = program.refusal()
    assert error.exit_code == 8
    assert error.message == (
        "on CUDA: failed: case random-1, output output, index [1]: C++ 4.5, Python 4.0 (values that differ: 1)"
    )
    assert "[tolerance] in tsgen.toml" in error.hint
    assert error.report == made


def test_a_program_that_fails_its_own_verify_on_the_gpu_fails(program: Program) -> None:
    says = json.loads((program.folder / "says-cuda").read_text(encoding="utf-8"))
    program.says("cuda", {**says, "passed": False})
    assert "the program's own --verify fails" in program.refusal().message


def test_a_machine_without_a_gpu_is_not_taken_for_a_proof(program: Program) -> None:
    program.cuda("absent", problem=NO_DRIVER)
    made = program.prove()
    assert (made.passed, made.devices) == (True, {"cpu": PROVEN, "cuda": ABSENT})
    verify.require(made, program.artifact, [])
    assert not any("--device cuda" in words for words in program.runs)


@pytest.mark.parametrize(
    "problem",
    [
        "LibTorch's CUDA library cannot be loaded (libcudnn.so.9: cannot open shared object file)",
        "LibTorch cannot use this machine's GPU (The NVIDIA driver on your system is too old)",
    ],
)
def test_cuda_that_is_there_and_broken_fails(program: Program, problem: str) -> None:
    program.cuda("unusable", problem=problem)
    assert program.prove().devices["cuda"] == Verdict("failed", Reason("unusable", problem))
    error = program.refusal()
    assert (error.exit_code, error.message) == (8, f"on CUDA: failed: {problem}")
    assert "--device cpu" in error.hint
    assert "tolerance" not in error.hint


def test_a_model_that_raises_on_the_gpu_alone_fails(program: Program) -> None:
    program.says("cuda", {"error": {"message": "the model raised: tensors on two devices", "hint": "mend it"}})
    assert program.refusal().message == "on CUDA: failed: the program refused: the model raised: tensors on two devices"


def test_a_gpu_is_not_asked_before_the_cpu_is_proven(program: Program) -> None:
    shutil.copytree(program.on_cuda, program.folder / "cpu", dirs_exist_ok=True)
    np.save(program.folder / "cpu" / "ones" / "output.output.npy", np.array([9, 9], "float32"))
    made = program.prove()
    assert made.devices == {"cpu": Verdict("failed"), "cuda": Verdict("not exercised", Reason("cpu_first"))}
    assert not made.passed
    assert program.refusal().message.startswith("C++ and Python differ: case ones")


@pytest.mark.parametrize("answer", [{}, [], {"cuda": 3}, {"cuda": {"state": "fine", "problem": ""}}], ids=str)
def test_a_program_that_says_nothing_of_cuda_is_told_so(program: Program, answer: Any) -> None:
    program.says("info", answer)
    with pytest.raises(ParityError, match="did not answer `--info --json` as expected"):
        program.prove()


class TestAnEarlierProof:
    """It holds only as long as the machine has no more than it had then."""

    def test_without_a_gpu_holds_while_there_is_none(self, program: Program) -> None:
        program.cuda("absent", problem=NO_DRIVER)
        made = program.prove()
        assert verify.holds_here(made, program.build, program.artifact)

    @pytest.mark.parametrize(
        ("state", "problem"), [("ready", ""), ("unusable", NO_DRIVER), ("absent", "the NVIDIA driver finds no GPU")]
    )
    def test_without_a_gpu_is_made_again_when_that_has_changed(
        self, program: Program, state: str, problem: str
    ) -> None:
        program.cuda("absent", problem=NO_DRIVER)
        made = program.prove()
        program.cuda(state, problem=problem)
        assert not verify.holds_here(made, program.build, program.artifact)

    def test_of_the_gpu_asks_nothing(self, program: Program) -> None:
        made = program.prove()
        before = program.runs
        assert verify.holds_here(made, program.build, program.artifact)
        assert program.runs == before

    def test_of_the_cpu_alone_is_none_of_both(self, program: Program) -> None:
        keys = {
            device: proof_cache.key(program.build, program.artifact, libtorch(), DEFAULT_TOLERANCES, device)
            for device in ("cpu", "cuda")
        }
        assert keys["cpu"] != keys["cuda"]

    def test_that_failed_on_the_gpu_is_made_again(self, program: Program, tmp_path: Path) -> None:
        program.answer("ones", 5, 5)
        proof_cache.write(tmp_path, "key", program.prove())
        assert proof_cache.read(tmp_path, "key") is None
