"""The zoo's own judgement: what it calls equal, and which outcomes it takes for right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.zoo.arrays import compare, leaves
from tests.zoo.entries import Entry, entries
from tests.zoo.results import Result, complaint

if TYPE_CHECKING:
    from pathlib import Path

LEAST = {"torchvision": 60, "timm": 60, "transformers": 30, "by hand": 30}


def bfloat16(bits: int) -> Any:
    return np.array([bits], "<u2").view("<V2")


def saved(folder: Path, side: str, **arrays: Any) -> dict[str, Path]:
    folder.mkdir(exist_ok=True)
    for name, value in arrays.items():
        np.save(folder / f"{side}.{name}.npy", value)
    return leaves(folder, side)


@pytest.mark.parametrize(
    ("expected", "actual", "problem"),
    [
        (np.ones(3, "f4"), np.ones(3, "f4"), ""),
        (np.ones(3, "f4"), np.ones(3, "f4") + np.float32(1e-6), ""),
        (np.ones(3, "f4"), np.array([1, 1, 1.1], "f4"), "a: 1 of 3 differ, by at most 0.1"),
        (np.array([np.nan, np.inf], "f4"), np.array([np.nan, np.inf], "f4"), ""),
        (np.array([np.nan], "f4"), np.array([1], "f4"), "a: 1 of 1 differ, by at most 0"),
        (np.ones(3, "f4"), np.ones((3, 1), "f4"), "a: Python float32[3], program float32[3, 1]"),
        (np.ones(3, "f4"), np.ones(3, "f8"), "a: Python float32[3], program float64[3]"),
        (np.ones(3, "i8"), np.array([1, 2, 1]), "a: 1 of 3 whole numbers differ"),
        (np.array([1j], "c8"), np.array([2j], "c8"), "a: 1 of 1 differ, by at most 1"),
        (bfloat16(0x3F80), bfloat16(0x3F80), ""),
        (
            bfloat16(0x3F80),
            bfloat16(0x4000),
            "a: 1 of 1 differ, by at most 1",
        ),
    ],
)
def test_answers_are_compared(expected: Any, actual: Any, problem: str, tmp_path: Path) -> None:
    sides = saved(tmp_path / "python", "output", a=expected), saved(tmp_path / "program", "output", a=actual)
    assert compare(*sides).problem == problem


def test_an_answer_that_is_missing_is_told(tmp_path: Path) -> None:
    both = saved(tmp_path / "python", "output", a=np.ones(1), b=np.ones(1))
    one = saved(tmp_path / "program", "output", a=np.ones(1))
    assert compare(both, one).problem == "Python answered a, b, the program a"


def test_a_small_difference_is_told(tmp_path: Path) -> None:
    one = saved(tmp_path / "python", "output", a=np.ones(1))
    other = saved(tmp_path / "program", "output", a=np.ones(1) + 1e-9)
    assert compare(one, other).most == pytest.approx(1e-9)


@pytest.mark.parametrize(
    ("allowed", "outcome", "reason", "complained"),
    [
        ((), "right", "", False),
        ((), "refused", "whatever", False),
        ((), "wrong", "x differs", True),
        (("right", "refused: state"), "broken", "a crash", True),
        (("right",), "right", "", False),
        (("right",), "refused", "it keeps state", True),
        (("refused: state",), "right", "", True),
        (("refused: state",), "refused", "it keeps state", False),
        (("refused: state",), "refused", "it has no layers", True),
    ],
)
def test_only_an_allowed_outcome_is_right(allowed: Any, outcome: str, reason: str, *, complained: bool) -> None:
    entry = Entry(family="by hand", name="x", words=("x",), allowed=allowed)
    assert bool(complaint(entry, Result(outcome=outcome, reason=reason))) is complained


def test_the_zoo_is_large_and_no_model_is_in_it_twice() -> None:
    everything = entries()
    counted = Counter(entry.family for entry in everything)
    assert all(counted[family] >= least for family, least in LEAST.items())
    assert max(Counter(entry.words for entry in everything).values()) == 1
    assert max(Counter((entry.family, entry.name) for entry in everything).values()) == 1
