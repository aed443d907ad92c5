"""`tsgen test --bisect`: its words and its comparison; what is kept is given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import numpy as np
import pytest

from tsgen.commands import bisect as bisection
from tsgen.types import Project, Tolerance
from tsgen.types.bisection import Bisection, Watched
from tsgen.verify import watched
from tsgen.worker.messages.bisection import Comparison, Gap, Spot

from . import make

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .conftest import Tsgen

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/bisect.schema.json").read_text(encoding="utf-8"))
CONV, RELU, LINEAR = (Spot(operator=f"aten::{name}", source=f"net.py:{name}") for name in ("conv2d", "relu", "linear"))
GAP = Gap(max_abs=0.5, mismatches=3, index=(0, 1), expected="1.0", actual="1.5")
AGREE = Comparison(expected="eager Python", actual="the exported file in Python", operators=2, before=RELU)
PART = Comparison(
    expected="the exported file in Python", actual="the program", operators=1, before=CONV, differs=RELU, gap=GAP
)
FOUND = Bisection(
    project=Project(name="myapp", root=Path("myapp")),
    case="ones",
    method="",
    demand="exact",
    differs=True,
    comparisons=(AGREE, PART),
    notes=("model/model.pt is not the file that was exported",),
)


def found(monkeypatch: pytest.MonkeyPatch, value: Bisection) -> list[str]:
    """The case that was asked for comes into the list."""
    asked: list[str] = []

    def bisect(_root: Path, _options: object, case: str) -> Bisection:
        asked.append(case)
        return value

    monkeypatch.setattr(bisection, "bisect", bisect)
    return asked


def test_the_first_operator_is_named_and_the_code_is_8(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = found(monkeypatch, FOUND)
    assert tsgen("test", "--bisect", "--case", "ones") == 8
    assert asked == ["ones"]
    lines = [line.split() for line in tsgen.out.splitlines()]
    assert ["agree", "on", "2", "operators"] in lines
    assert ["agree", "up", "to", "aten::conv2d", "at", "net.py:conv2d"] in lines
    assert "max_abs 0.5; values that differ: 3, the first at [0,1]: 1.5 instead of 1.0" in tsgen.out
    assert tsgen.out.splitlines()[-1].strip() == "the first operator that differs: aten::relu at net.py:relu"


def test_nothing_differs(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, replace(FOUND, differs=False, comparisons=(AGREE,)))
    assert tsgen("test", "--bisect") == 0
    assert tsgen.out.splitlines()[-1].strip() == "no operator differs"


def test_answers_differ_although_no_operator_does(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, replace(FOUND, comparisons=(replace(AGREE, answers="output is 1, not 2", lost="aten::to"),)))
    assert tsgen("test", "--bisect") == 8
    assert "cannot follow  aten::to" in tsgen.out
    assert "but no operator that could be compared does" in tsgen.out


def test_the_document_is_as_its_schema_says(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, FOUND)
    assert tsgen("test", "--bisect", "--json") == 8
    jsonschema.validate(tsgen.document, SCHEMA)
    assert tsgen.document["comparisons"][1]["differs"]["operator"] == "aten::relu"


def test_a_case_goes_with_bisect(tsgen: Tsgen) -> None:
    assert tsgen("test", "--case", "ones") == 2
    assert "--bisect" in tsgen.err


def kept(folder: Path, *steps: tuple[int, NDArray[np.generic]]) -> Path:
    """What a watched model answers: operators by number, results in a list for each of two dtypes."""
    folder.mkdir()
    kinds = [["float32", "int64"].index(str(value.dtype)) for _, value in steps]
    np.save(folder / "output.0.npy", np.array([[number for number, _ in steps], kinds], dtype="int64"))
    for place, (kind, (_, value)) in enumerate(zip(kinds, steps, strict=True)):
        np.save(folder / f"output.{kind + 1}.{kinds[:place].count(kind)}.npy", value)
    return folder


FLOATS, WHOLE = np.ones(2, dtype="float32"), np.arange(2)
PYTHON = ((0, FLOATS), (1, WHOLE), (2, FLOATS))


@pytest.fixture
def model(tmp_path: Path) -> Watched:
    return Watched(
        artifact=make.artifact(tmp_path),
        operators=(CONV, RELU, LINEAR),
        dtypes=("float32", "int64"),
        python=AGREE,
        notes=(),
    )


def compared(model: Watched, tmp_path: Path, *steps: tuple[int, NDArray[np.generic]], atol: float = 0) -> Comparison:
    limits = {"float32": Tolerance(rtol=0, atol=atol)}
    return watched.compared(model, kept(tmp_path / "python", *PYTHON), kept(tmp_path / "cpp", *steps), limits)


def test_all_agree(model: Watched, tmp_path: Path) -> None:
    result = compared(model, tmp_path, *PYTHON)
    assert result.agree
    assert (result.operators, result.before, result.lost) == (3, LINEAR, "")


@pytest.mark.parametrize(("atol", "agrees"), [(0, False), (0.3, True)])
def test_the_first_that_differs(model: Watched, tmp_path: Path, atol: float, agrees: bool) -> None:  # noqa: FBT001
    result = compared(model, tmp_path, (0, FLOATS), (1, WHOLE), (2, FLOATS + np.float32(0.25)), atol=atol)
    assert result.agree == agrees
    if not agrees:
        assert (result.before, result.differs) == (RELU, LINEAR)
        assert result.gap
        assert (result.gap.max_abs, result.gap.mismatches) == (0.25, 2)


def test_another_dtype_differs(model: Watched, tmp_path: Path) -> None:
    result = compared(model, tmp_path, (0, FLOATS), (1, FLOATS))
    assert result.differs == RELU
    assert result.gap
    assert result.gap.problem == "float32 instead of int64"


@pytest.mark.parametrize("steps", [((0, FLOATS), (2, FLOATS)), ((0, FLOATS),)], ids=["other", "fewer"])
def test_another_branch_ends_the_comparison(
    model: Watched, tmp_path: Path, steps: tuple[tuple[int, NDArray[np.generic]], ...]
) -> None:
    result = compared(model, tmp_path, *steps)
    assert result.operators == 1
    assert result.differs == RELU
    assert result.gap
    assert result.gap.problem.startswith("Python goes on with aten::relu")
