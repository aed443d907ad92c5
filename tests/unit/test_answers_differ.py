"""Whether the cases can tell a right program from one that ignores its input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen.compare import answers_differ
from tsgen.types import Artifact, Case, Node, Signature, Tolerance

from .make import artifact, leaf, write_case

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT, INPUT = leaf("output", "float32", "N"), leaf("x", "float32", "N")
LOOSE = {"float32": Tolerance(rtol=0.1, atol=0)}


def saved(folder: Path, *answers: Any, inputs: tuple[Any, ...] = (), outputs: tuple[Node, ...] = (OUTPUT,)) -> Artifact:
    """A case for each answer; its input has two values unless given."""
    for number, answer in enumerate(answers):
        values = inputs[number] if inputs else [number, number]
        tensors = {f"output_{item.name}": np.asarray(answer[i], item.dtype) for i, item in enumerate(outputs)}
        write_case(folder, str(number), input_x=np.asarray(values, "float32"), **tensors)
    cases = tuple(Case(name=str(number), python_milliseconds=1.0) for number in range(len(answers)))
    return artifact(folder, signature=Signature(inputs=(INPUT,), outputs=outputs), cases=cases)


def test_answers_that_differ_prove_something(tmp_path: Path) -> None:
    assert answers_differ(saved(tmp_path, [[1, 2]], [[1, 3]]), LOOSE)


def test_one_pair_in_many_suffices(tmp_path: Path) -> None:
    assert answers_differ(saved(tmp_path, [[1, 2]], [[1, 2]], [[1, 2]], [[5, 2]]), LOOSE)


@pytest.mark.parametrize("value", [3.0, np.nan, np.inf])
def test_a_constant_answer_proves_nothing(tmp_path: Path, value: float) -> None:
    assert not answers_differ(saved(tmp_path, [[value, value]], [[value, value]]), LOOSE)


def test_a_difference_within_the_tolerance_proves_nothing(tmp_path: Path) -> None:
    made = saved(tmp_path, [[1.0, 2.0]], [[1.05, 2.1]])
    assert not answers_differ(made, LOOSE)
    assert answers_differ(made, {})


def test_inputs_of_other_sizes_do_not_count(tmp_path: Path) -> None:
    """Zeros of another shape differ from zeros, and still say nothing about the input's values."""
    assert not answers_differ(saved(tmp_path, [[0, 0]], [[0, 0, 0]], inputs=([1, 1], [1, 1, 1])), LOOSE)


def test_one_lively_output_suffices(tmp_path: Path) -> None:
    outputs = (leaf("constant", "float32", 1), leaf("label", "int64"))
    assert answers_differ(saved(tmp_path, [[1], 3], [[1], 4], outputs=outputs), LOOSE)
    assert not answers_differ(saved(tmp_path / "dead", [[1], 3], [[1], 3], outputs=outputs), LOOSE)


def test_an_answer_whose_size_depends_on_the_values_differs(tmp_path: Path) -> None:
    outputs = (Node(name="boxes", dtype="float32", shape=None),)
    assert answers_differ(saved(tmp_path, [np.zeros((2, 4))], [np.zeros((3, 4))], outputs=outputs), LOOSE)


def test_a_single_case_proves_nothing(tmp_path: Path) -> None:
    assert not answers_differ(saved(tmp_path, [[1, 2]]), LOOSE)


def test_empty_answers_prove_nothing(tmp_path: Path) -> None:
    assert not answers_differ(saved(tmp_path, [[]], [[]]), LOOSE)
