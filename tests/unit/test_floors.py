"""A runtime of another order is judged by eager Python's own distance from float64."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest

from tsgen import verify
from tsgen.config import DEFAULT_TOLERANCES
from tsgen.console import summaries
from tsgen.drawing import matrix_page
from tsgen.errors import ParityError
from tsgen.model import manifest
from tsgen.system import codec
from tsgen.types import (
    FLOORS_ALLOWED,
    PROVEN,
    Float64,
    NoFloorKind,
    NoiseFloor,
    OutputParity,
    ParityReport,
    Tolerance,
)
from tsgen.verify.compare import Exact, compare

from .legs import leg, proven
from .legs import report as matrix
from .make import artifact, build, exported, libtorch, parity, report
from .test_verify import Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Script

    Judge = Callable[..., OutputParity]

NAN, INF = float("nan"), float("inf")
FLOOR = NoiseFloor("output", dtype="float32", error=0.1, floor=0.1)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Compares what C++ answers with what Python does, and with its answer in float64."""

    def judge(python: Any, cpp: Any, exact: Any, limit: float | None = 0.5, dtype: str = "float32") -> OutputParity:
        wide = "complex128" if dtype.startswith("complex") else "float64"
        for name, values, kind in (("python", python, dtype), ("cpp", cpp, dtype), ("exact", exact, wide)):
            (tmp_path / name).mkdir(exist_ok=True)
            np.save(tmp_path / name / "output.y.npy", np.array(values, kind))
        loose = {dtype: Tolerance(rtol=1e9, atol=1e9)}
        file = tmp_path / "exact" / "output.y.npy"
        return compare("ones", "y", tmp_path / "python", tmp_path / "cpp", loose, Exact(file, limit))

    return judge


def test_the_limit_counts_from_float64_and_not_from_python(judge: Judge) -> None:
    near = judge([1.25, 0], [0.5, 0], [1, 0])
    assert (near.passed, near.float64_error, near.python_float64_error, near.limit) == (True, 0.5, 0.25, 0.5)
    far = judge([1.25, 0], [1.75, 0], [1, 0])
    assert (far.passed, far.float64_error, far.mismatches, far.index) == (False, 0.75, 1, (0,))


@pytest.mark.parametrize(
    ("python", "cpp", "exact"),
    [([NAN], [1], [1]), ([1], [NAN], [1]), ([INF], [1], [1]), ([INF], [-INF], [INF]), ([1], [1.25], [NAN])],
)
def test_what_is_not_finite_has_no_distance(judge: Judge, python: Any, cpp: Any, exact: Any) -> None:
    assert not judge(python, cpp, exact).passed


def test_nan_and_infinity_at_the_same_places_agree(judge: Judge) -> None:
    assert judge([NAN, INF, -INF, 2], [NAN, INF, -INF, 2.5], [NAN, INF, -INF, 2]).passed


def test_complex_numbers_and_none(judge: Judge) -> None:
    assert judge([1j], [1.5j], [1j], dtype="complex64").passed
    assert not judge([1j], [1 + 1j], [1j], dtype="complex64").passed
    assert judge([], [], []).passed


def test_without_a_limit_the_errors_are_told_and_decide_nothing(judge: Judge) -> None:
    result = judge([1.25], [9], [1], limit=None)
    assert (result.passed, result.float64_error, result.python_float64_error, result.limit) == (True, 8, 0.25, None)


def test_an_answer_in_float64_of_another_form_is_told(judge: Judge) -> None:
    assert judge([1, 2], [1, 2], [1]).problem == "Python gives float32[2], in float64 float64[1]"


class Inexact(Program):
    """A program of a runtime that adds up in another order, with Python's answers in float64 beside the cases."""

    def __init__(self, folder: Path, shell: Script) -> None:
        super().__init__(folder, shell)
        self.artifact = replace(self.artifact, floors=(FLOOR,))
        self.says.update(demand="floor", reason="it adds up in another order")
        for case in self.artifact.cases:
            own = folder / "model" / "cases" / case.name
            np.save(own / "float64.output.npy", np.load(own / "output.output.npy").astype("float64"))

    def python(self, case: str) -> Any:
        return np.load(self.folder / "model" / "cases" / case / "output.output.npy")


@pytest.fixture
def program(tmp_path: Path, shell: Script) -> Inexact:
    if sys.platform == "win32":
        pytest.skip("the stand-in is an sh script")
    return Inexact(tmp_path, shell)


def test_four_times_the_floor_is_proven_and_no_more(program: Inexact) -> None:
    values = program.python("ones").astype("float64")
    program.answer("ones", *(values + 3.9 * 0.1))
    made = program.prove()
    assert (made.passed, made.demand, made.devices, made.floors) == (True, "floor", {"cpu": PROVEN}, (FLOOR,))
    assert made.cases[0].float64_error == pytest.approx(0.39)
    assert made.cases[0].limit == pytest.approx(0.4)
    assert "float32" not in made.tolerance
    program.answer("ones", *(values + 4.1 * 0.1))
    assert not program.prove().passed


def test_the_floor_is_stricter_than_the_tolerance_was(program: Inexact) -> None:
    """Within the tolerance of float32, which is wide for large numbers, and yet wrong."""
    program.artifact = replace(program.artifact, floors=(replace(FLOOR, floor=1e-8),))
    program.answer("ones", *(program.python("ones") * np.float32(1 + 5e-5)))
    made = program.prove()
    assert not made.passed
    with pytest.raises(ParityError) as caught:
        verify.require(made, program.artifact, [])
    assert "from float64, where 4e-08 is allowed" in caught.value.message
    assert "-ffast-math" in caught.value.hint


def test_a_tolerance_of_the_users_own_takes_its_place(program: Inexact) -> None:
    program.says.update(demand="tolerance")  # as the runner says when no floor is in the index
    program.answer("ones", *(program.python("ones") + np.float32(0.9)))
    made = program.prove(float32=Tolerance(rtol=0.0, atol=1.0))
    assert made.passed
    assert made.cases[0].float64_error == pytest.approx(0.9, rel=1e-6)
    assert made.cases[0].limit is None


def test_a_missing_answer_in_float64_is_no_proof(program: Inexact) -> None:
    (program.folder / "model" / "cases" / "ones" / "float64.output.npy").unlink()
    made = program.prove()
    assert not made.passed
    assert "float64.output.npy cannot be read" in made.cases[0].problem


def test_of_a_runtime_that_is_exact_the_errors_are_told_when_they_are_asked_for(tmp_path: Path, shell: Script) -> None:
    program = Program(tmp_path, shell)
    answers = tmp_path / "asked"
    for case in program.artifact.cases:
        (answers / case.name).mkdir(parents=True)
        saved = np.load(tmp_path / "model" / "cases" / case.name / "output.output.npy")
        np.save(answers / case.name / "float64.output.npy", saved.astype("float64") + 0.25)
    assert program.prove().cases[0].float64_error is None
    known = Float64(folder=answers, floors=(FLOOR,))
    runner = build(tmp_path / "my app")
    made = verify.prove(runner, program.artifact, libtorch(), DEFAULT_TOLERANCES, float64=known)
    assert (made.passed, made.demand, made.floors) == (True, "exact", (FLOOR,))
    first = made.cases[0]
    assert (first.float64_error, first.python_float64_error, first.limit) == (0.25, 0.25, None)


def index(folder: Path, *floors: NoiseFloor, **tolerances: Tolerance) -> list[str]:
    made = exported(folder)
    manifest.write_index(replace(made, floors=floors), folder, {**DEFAULT_TOLERANCES, **tolerances})
    text = (folder / "cases" / "index.tsv").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("floor")]


def test_the_index_has_the_floors_that_decide(tmp_path: Path) -> None:
    named = replace(FLOOR, output="a b", method="encode")
    none = replace(FLOOR, output="c", floor=None, lacks="raised")
    assert index(tmp_path, FLOOR, named, none) == ["floor\tforward\toutput\t0.1", "floor\tencode\ta%20b\t0.1"]
    assert index(tmp_path, FLOOR, float32=Tolerance(rtol=0.0, atol=1.0)) == []


def test_the_manifest_keeps_them_and_one_without_is_as_it_was(tmp_path: Path) -> None:
    made = exported(tmp_path)
    manifest.write(made, tmp_path)
    assert "floors" not in codec.parsed((tmp_path / "manifest.json").read_bytes())
    manifest.write(replace(made, floors=(FLOOR,)), tmp_path)
    assert manifest.read(tmp_path).floors == (FLOOR,)


def floored(*cases: OutputParity) -> ParityReport:
    return report(*cases, demand="floor", reason="another order", floors=(FLOOR,))


def test_the_table_says_how_many_floors_it_was() -> None:
    made = floored(parity(float64_error=0.3, limit=0.4), parity(float64_error=0.1, limit=0.4), parity())
    words = summaries.proven(made, artifact())[1]
    assert words == f"C++ = Python within {FLOORS_ALLOWED} noise floors, 3 at most (another order)"


@pytest.mark.parametrize("kind", get_args(NoFloorKind))
def test_each_reason_for_no_floor_has_a_sentence(kind: NoFloorKind) -> None:
    said = summaries.no_floor(NoiseFloor("y", lacks=kind, text="aten::x"))
    assert said.endswith(": aten::x")
    assert len(said) > len("aten::x") + 10


def test_the_page_has_both_errors_and_the_limit() -> None:
    bare = matrix_page(matrix(proven(leg())))
    assert "from float64" not in bare
    case = parity(float64_error=0.031, python_float64_error=0.027, limit=0.11)
    lacking = NoiseFloor("other", lacks="raised", text="TypeError: no")
    made = replace(floored(case), floors=(FLOOR, lacking))
    page = matrix_page(matrix(proven(leg(), parity=made)))
    assert "<td>0.031</td><td>0.027</td><td>0.11</td>" in page
    assert "No further from float64 than 4 times Python is: another order." in page
    assert "<code>other</code>: the model raises in float64: TypeError: no." in page
