"""All outputs of one case: both sides must have the same ones, and all that the signature promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen.config import DEFAULT_TOLERANCES
from tsgen.types import Node, Signature
from tsgen.verify.compare import compare_case, found

from .make import leaf, node, write_case
from .signatures import DETECTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import OutputParity


def saved(folder: Path, **outputs: Any) -> None:
    for side in ("python", "cpp"):
        write_case(folder / side, "ones", **{f"output_{name}": value for name, value in outputs.items()})


def judged(folder: Path, *outputs: Node) -> dict[str, OutputParity]:
    python, cpp = (folder / side / "cases" / "ones" for side in ("python", "cpp"))
    results = compare_case("ones", Signature(inputs=(), outputs=outputs), python, cpp, DEFAULT_TOLERANCES)
    assert len({result.output for result in results}) == len(results)
    return {result.output: result for result in results}


def detection(folder: Path, boxes: int) -> None:
    saved(
        folder,
        **{"0.boxes": np.ones((boxes, 4), "f4"), "0.labels": np.ones(boxes, "i8"), "0.scores": np.ones(boxes, "f4")},
    )


def test_the_outputs_of_a_case_are_the_files_that_python_saved(tmp_path: Path) -> None:
    detection(tmp_path, 2)
    results = judged(tmp_path, *DETECTIONS)
    assert list(results) == ["0.boxes", "0.labels", "0.scores"]
    assert all(result.passed for result in results.values())


def test_an_element_of_a_list_that_is_missing_or_too_much_fails(tmp_path: Path) -> None:
    detection(tmp_path, 2)
    case = tmp_path / "cpp" / "cases" / "ones"
    (case / "output.0.labels.npy").rename(case / "output.1.labels.npy")
    results = judged(tmp_path, *DETECTIONS)
    assert results["0.boxes"].passed
    assert results["0.labels"].problem == "Python gives this output, C++ does not"
    assert results["1.labels"].problem == "C++ gives this output, Python does not"
    assert not results["0.labels"].passed
    assert not results["1.labels"].passed


def test_what_the_signature_promises_must_be_there_on_both_sides(tmp_path: Path) -> None:
    """Neither a case without its files nor a program that writes none may pass by having nothing to compare."""
    saved(tmp_path, a=np.ones(2, "f4"))
    results = judged(tmp_path, node("", "record"), leaf("a", "float32", 2), node("n", "int"))
    assert results["a"].passed
    assert "output.n.npy" in results["n"].problem


def test_an_output_that_may_be_missing_must_be_missing_on_both_sides(tmp_path: Path) -> None:
    saved(tmp_path, a=np.ones(2, "f4"))
    outputs = (node("", "record"), leaf("a", "float32", 2), Node(name="m", dtype="bool", optional=True))
    assert list(judged(tmp_path, *outputs)) == ["a"]
    write_case(tmp_path / "cpp", "ones", output_m=np.array(True))
    assert not judged(tmp_path, *outputs)["m"].passed


def test_an_output_that_the_signature_does_not_have_fails(tmp_path: Path) -> None:
    saved(tmp_path, a=np.ones(2, "f4"), b=np.ones(2, "f4"))
    results = judged(tmp_path, node("", "record"), leaf("a", "float32", 2))
    assert results["a"].passed
    assert results["b"].problem == "Python gives this output, which the signature does not have"


@pytest.mark.parametrize(
    ("kind", "expected", "actual"),
    [
        ("int", np.array(3), np.array(4)),
        ("float", np.array(0.5), np.array(0.25)),
        ("bool", np.array(True), np.array(False)),
        ("str", np.frombuffer(b"ab", "u1"), np.frombuffer(b"ac", "u1")),
        ("str", np.frombuffer(b"ab", "u1"), np.frombuffer(b"abc", "u1")),
    ],
)
def test_numbers_and_texts_are_compared_too(tmp_path: Path, kind: Any, expected: Any, actual: Any) -> None:
    saved(tmp_path, output=expected)
    assert judged(tmp_path, node("output", kind))["output"].passed
    write_case(tmp_path / "cpp", "ones", output_output=actual)
    assert not judged(tmp_path, node("output", kind))["output"].passed


def test_the_tolerance_is_that_of_the_dtype_in_the_file(tmp_path: Path) -> None:
    saved(tmp_path, a=np.ones(1, "f4"), b=np.ones(1, "f8"))
    near = 1 + 1e-5
    write_case(tmp_path / "cpp", "ones", output_a=np.array([near], "f4"), output_b=np.array([near], "f8"))
    results = judged(tmp_path, node("", "record"), leaf("a", "float32", 1), leaf("b", "float64", 1))
    assert (results["a"].passed, results["b"].passed) == (True, False)


def test_names_are_those_of_python_whatever_the_files_are_called(tmp_path: Path) -> None:
    saved(tmp_path, **{"größe.a b": np.ones(1, "f4")})
    assert found(tmp_path / "cpp" / "cases" / "ones", "output") == {"größe.a b"}
    outputs = (node("", "record"), node("größe", "record"), leaf("größe.a b", "float32", 1))
    assert judged(tmp_path, *outputs)["größe.a b"].passed
