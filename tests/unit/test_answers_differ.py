"""Whether the cases can tell a right program from one that ignores its input."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen.errors import ParityError
from tsgen.types import Artifact, Case, Node, Signature, Tolerance
from tsgen.verify import require_lively
from tsgen.verify.compare import answers_differ

from .make import artifact, leaf, node, write_case

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
    root = () if outputs[0].name == "output" else (node("", "record"),)
    return artifact(folder, signature=Signature(inputs=(INPUT,), outputs=(*root, *outputs)), cases=cases)


def test_answers_that_differ_prove_something(tmp_path: Path) -> None:
    assert answers_differ(saved(tmp_path, [[1, 2]], [[1, 3]]), LOOSE)


def test_a_damaged_case_is_told_with_the_way_out(tmp_path: Path) -> None:
    made = saved(tmp_path, [[1, 2]], [[1, 3]])
    damaged = next(made.path.parent.glob("cases/0/input.*.npy"))
    damaged.write_bytes(damaged.read_bytes()[:20])
    with pytest.raises(ParityError, match=r"input\.x\.npy cannot be read") as refused:
        answers_differ(made, LOOSE)
    assert "tsgen build" in refused.value.hint


def test_one_pair_in_many_suffices(tmp_path: Path) -> None:
    assert answers_differ(saved(tmp_path, [[1, 2]], [[1, 2]], [[1, 2]], [[5, 2]]), LOOSE)


@pytest.mark.parametrize("value", [3.0, np.nan, np.inf])
def test_a_constant_answer_proves_nothing(tmp_path: Path, value: float) -> None:
    assert not answers_differ(saved(tmp_path, [[value, value]], [[value, value]]), LOOSE)


@pytest.mark.parametrize(("value", "proves"), [(3.0, True), (np.nan, False)])
def test_a_model_without_inputs_has_one_answer(tmp_path: Path, value: float, *, proves: bool) -> None:
    made = saved(tmp_path, [[value, value]], [[value, value]])
    assert answers_differ(replace(made, signature=replace(made.signature, inputs=())), LOOSE) == proves


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([[np.nan, np.nan]], "every output is NaN"),
        ([[np.nan, 1.0]], "does not depend on the input"),
        ([[3.0, 3.0]], "does not depend on the input"),
    ],
)
def test_nothing_but_nan_is_told_as_that(tmp_path: Path, answers: list[list[float]], told: str) -> None:
    with pytest.raises(ParityError, match=told):
        require_lively(saved(tmp_path, answers, answers), LOOSE)


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


def with_inputs(folder: Path, inputs: tuple[Node, ...], outputs: tuple[Node, ...], *cases: dict[str, Any]) -> Artifact:
    for number, tensors in enumerate(cases):
        write_case(folder, str(number), **tensors)
    made = tuple(Case(name=str(number), python_milliseconds=1.0) for number in range(len(cases)))
    return artifact(folder, signature=Signature(inputs=inputs, outputs=outputs), cases=made)


LIST_OUT = (node("", "list"), leaf("*", "float32"))


def test_lists_of_other_lengths_are_other_answers(tmp_path: Path) -> None:
    one, two = {"input_x": np.zeros(2)}, {"input_x": np.ones(2)}
    zero = np.zeros(1, "float32")
    made = with_inputs(
        tmp_path, (INPUT,), LIST_OUT, {**one, "output_0": zero}, {**two, "output_0": zero, "output_1": zero}
    )
    assert answers_differ(made, LOOSE)


def test_lists_of_other_lengths_are_inputs_of_other_sizes(tmp_path: Path) -> None:
    inputs, zero = (node("x", "list"), leaf("x.*", "float32", "N")), np.zeros(2, "float32")
    cases = ({"input_x.0": zero, "output_0": zero}, {"input_x.0": zero, "input_x.1": zero, "output_0": zero + 1})
    assert not answers_differ(with_inputs(tmp_path, inputs, LIST_OUT, *cases), LOOSE)


def test_a_value_that_is_left_out_is_an_input_of_another_size(tmp_path: Path) -> None:
    inputs, zero = (INPUT, Node(name="mask", dtype="bool", optional=True)), np.zeros(2, "float32")
    cases = ({"input_x": zero, "output_0": zero}, {"input_x": zero, "input_mask": np.array(True), "output_0": zero + 1})
    assert not answers_differ(with_inputs(tmp_path, inputs, LIST_OUT, *cases), LOOSE)


def test_a_longer_text_is_another_value_and_no_other_size(tmp_path: Path) -> None:
    mean, maximum = np.frombuffer(b"mean", "u1"), np.frombuffer(b"maximum", "u1")
    cases = ({"input_how": mean, "output_0": mean}, {"input_how": maximum, "output_0": maximum})
    assert answers_differ(with_inputs(tmp_path, (node("how", "str"),), LIST_OUT, *cases), LOOSE)


def test_an_exported_method_proves_nothing_for_forward(tmp_path: Path) -> None:
    made = saved(tmp_path, [[1, 2]], [[1, 2]], [[3, 4]])
    assert answers_differ(made, LOOSE)
    cases = (*made.cases[:2], replace(made.cases[2], method="encode"))
    signature = replace(made.signature, methods={"encode": made.signature})
    assert not answers_differ(replace(made, cases=cases, signature=signature), LOOSE)
