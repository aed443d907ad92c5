"""The rule of the proof, on single outputs."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tsgen.config import DEFAULT_TOLERANCES
from tsgen.system.names import encode
from tsgen.types import OutputParity, Tolerance
from tsgen.verify.compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Judge = Callable[..., OutputParity]

NAN, INF = float("nan"), float("inf")
INT64 = np.iinfo("int64")


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Compares two arrays after they were saved."""

    def judge(expected: Any, actual: Any, dtype: str = "float32", **limits: float) -> OutputParity:
        for folder, values in (("python", expected), ("cpp", actual)):
            (tmp_path / folder).mkdir(exist_ok=True)
            np.save(
                tmp_path / folder / "output.y.npy",
                values if isinstance(values, np.ndarray) else np.array(values, dtype),
            )
        tolerance = {dtype: Tolerance(**{"rtol": 0, "atol": 0, **limits})} if limits else {}
        return compare("ones", "y", tmp_path / "python", tmp_path / "cpp", tolerance)

    return judge


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("float32", [1.5, -0.25]),
        ("float64", [1e300, 5e-324]),
        ("float16", [65504, 6e-8]),
        ("bool", [True, False]),
        ("uint8", [0, 255]),
        ("int64", [INT64.min, INT64.max]),
        ("complex64", [1 + 2j, -1j]),
        ("float32", [NAN, INF, -INF]),
        ("complex128", [complex(NAN, 1), complex(INF, -INF)]),
        ("float32", 3.0),
        ("float32", []),
        ("float32", [[], []]),
    ],
)
def test_equal_values_pass(judge: Judge, dtype: str, values: Any) -> None:
    result = judge(values, values, dtype)
    assert (result.passed, result.mismatches, result.index, result.problem) == (True, 0, None, "")


@pytest.mark.parametrize(
    ("expected", "actual"), [([0.0], [-0.0]), ([-0.0, 1.0], [0.0, 1.0])], ids=["negative zero", "positive zero"]
)
def test_the_two_zeros_are_equal(judge: Judge, expected: list[float], actual: list[float]) -> None:
    assert judge(expected, actual).passed


@pytest.mark.parametrize(
    ("expected", "actual", "limits"),
    [
        ([1.0, NAN], [1.0, 2.0], {}),
        ([1.0, 2.0], [1.0, NAN], {}),
        ([0, NAN], [0, INF], {}),
        ([0, INF], [0, -INF], {}),
        ([0, INF], [0, 3e38], {}),
        ([0, 1], [0, NAN], {"rtol": 9.0, "atol": 9.0}),
        ([0, INF], [0, -INF], {"rtol": 9.0, "atol": 9.0}),
        ([0, INF], [0, 1], {"rtol": 9.0, "atol": 9.0}),
        ([0, 1], [0, INF], {"rtol": 9.0, "atol": 9.0}),
    ],
)
def test_nan_and_infinity_stand_where_they_stood(
    judge: Judge, expected: Any, actual: Any, limits: dict[str, float]
) -> None:
    result = judge(expected, actual, **limits)
    assert (result.passed, result.mismatches, result.index) == (False, 1, (1,))


def test_the_first_mismatch_is_named_row_by_row(judge: Judge) -> None:
    result = judge([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5.5, 7]])
    assert (result.mismatches, result.index, result.expected, result.actual) == (2, (1, 1), "5.0", "5.5")
    assert result.max_abs == 1.0
    assert result.max_rel == pytest.approx(1 / 6)


def test_an_array_saved_column_by_column_is_the_same_array(judge: Judge) -> None:
    rows = np.arange(6, dtype="float32").reshape(2, 3)
    other = rows.copy()
    other[0, 2] = 9
    assert judge(np.asfortranarray(rows), rows).passed
    assert judge(np.asfortranarray(rows), other).index == (0, 2)


def test_a_number_has_an_empty_index(judge: Judge) -> None:
    result = judge(3, 4, "int64")
    assert (result.passed, result.index, result.expected, result.actual) == (False, (), "3", "4")


def test_an_empty_output_has_no_distance(judge: Judge) -> None:
    result = judge([], [])
    assert (result.max_abs, result.max_rel) == (None, None)


def test_the_last_bit_counts_without_a_tolerance(judge: Judge) -> None:
    near = np.nextafter(np.float32(1), np.float32(2))
    result = judge([1.0], [near])
    assert not result.passed
    assert result.max_abs == pytest.approx(2**-23)
    assert (result.expected, result.actual) == ("1.0", "1.0000001")


@pytest.mark.parametrize(
    ("expected", "actual", "limits", "passed"),
    [
        (0.0, 0.5, {"atol": 0.5}, True),
        (0.0, 0.5000001, {"atol": 0.5}, False),
        (2.0, 3.0, {"rtol": 0.5}, True),
        (2.0, 3.0000002, {"rtol": 0.5}, False),
        (3.0, 2.0, {"rtol": 0.4}, True),
        (2.0, 3.0, {"rtol": 0.4}, False),
        (2.0, 3.5, {"rtol": 0.5, "atol": 0.5}, True),
        (-2.0, -3.5, {"rtol": 0.5, "atol": 0.5}, True),
        (-2.0, 2.0, {"rtol": 0.5, "atol": 0.5}, False),
    ],
)
def test_a_tolerance_is_relative_to_what_python_gave(
    judge: Judge, expected: float, actual: float, limits: dict[str, float], *, passed: bool
) -> None:
    assert judge([expected], [actual], **limits).passed is passed


@pytest.mark.parametrize(
    ("dtype", "expected", "actual"),
    [
        ("int64", INT64.max, INT64.max - 1),
        ("int64", INT64.min, INT64.max),
        ("uint8", 0, 255),
        ("int8", -128, 127),
        ("bool", True, False),
    ],
)
def test_whole_numbers_are_equal_or_not_whatever_the_tolerance(
    judge: Judge, dtype: str, expected: Any, actual: Any
) -> None:
    result = judge([expected], [actual], dtype, rtol=1e30, atol=1e30)
    assert (result.passed, result.mismatches) == (False, 1)
    assert (result.expected, result.actual) == (str(expected), str(actual))
    assert result.max_abs is not None
    assert result.max_abs >= 0


def test_a_difference_of_whole_numbers_does_not_overflow(judge: Judge) -> None:
    assert judge([INT64.min], [INT64.max], "int64").max_abs == pytest.approx(2.0**64)
    assert judge([0], [255], "uint8").max_abs == 255
    assert judge([255], [0], "uint8").max_abs == 255


def test_a_difference_of_half_numbers_does_not_overflow(judge: Judge) -> None:
    assert judge([65504], [-65504], "float16").max_abs == 131008


@pytest.mark.parametrize(("expected", "actual"), [(1.7e308, -1.7e308), (5e-324, 1.0)], ids=["absolute", "relative"])
def test_a_distance_beyond_all_numbers_can_still_be_reported(judge: Judge, expected: float, actual: float) -> None:
    result = judge([expected], [actual], "float64")
    assert not result.passed
    json.dumps([result.max_abs, result.max_rel], allow_nan=False)


def test_zeros_have_no_relative_distance(judge: Judge) -> None:
    result = judge([0.0, 2.0], [1.0, 3.0])
    assert (result.max_abs, result.max_rel) == (1.0, 0.5)
    assert judge([0.0], [1.0]).max_rel == 0


def test_only_finite_places_have_a_distance(judge: Judge) -> None:
    result = judge([NAN, INF, 1.0], [NAN, INF, 1.5])
    assert (result.max_abs, result.max_rel, result.mismatches) == (0.5, 0.5, 1)


@pytest.mark.parametrize(("actual", "passed"), [(1 + 1.4j, True), (1.4 + 1j, True), (1.4 + 1.4j, False)])
def test_complex_numbers_are_judged_by_their_distance(judge: Judge, actual: complex, *, passed: bool) -> None:
    assert judge([1 + 1j], [actual], "complex64", atol=0.5).passed is passed


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        (np.zeros((2, 3), "f4"), np.zeros((3, 2), "f4"), "C++ gives float32[3,2], Python float32[2,3]"),
        (np.zeros(1, "f4"), np.zeros((), "f4"), "C++ gives float32[], Python float32[1]"),
        (np.zeros(2, "f4"), np.zeros(2, "f8"), "C++ gives float64[2], Python float32[2]"),
        (np.zeros(0, "f4"), np.zeros((0, 3), "f4"), "C++ gives float32[0,3], Python float32[0]"),
    ],
)
def test_another_shape_or_dtype_cannot_be_compared(judge: Judge, expected: Any, actual: Any, told: str) -> None:
    result = judge(expected, actual)
    assert (result.passed, result.max_abs, result.max_rel) == (False, None, None)
    assert result.problem == told


def bfloat16(*values: float) -> np.ndarray[Any, Any]:
    """The upper sixteen bits of float32, as the void type in which they are saved."""
    upper = (np.array(values, "float32").view("uint32") >> 16).astype("uint16")
    return upper.view("V2")


def test_bfloat16_is_judged_by_its_values(judge: Judge) -> None:
    result = judge(bfloat16(1, 2, NAN), bfloat16(1, 2.5, NAN), "bfloat16")
    assert (result.mismatches, result.index, result.expected, result.actual) == (1, (1,), "2.0", "2.5")
    assert (result.max_abs, result.max_rel) == (0.5, 0.25)
    assert judge(bfloat16(1, 2), bfloat16(1, 2.5), "bfloat16", rtol=0.25).passed
    assert judge(bfloat16(3).reshape(()), bfloat16(3).reshape(()), "bfloat16").passed
    assert judge(bfloat16(), bfloat16(), "bfloat16").passed


@pytest.mark.parametrize("dtype", ["f2", "u2", "f4"])
def test_another_type_of_file_is_not_bfloat16(judge: Judge, dtype: str) -> None:
    result = judge(bfloat16(0, 0), np.zeros(2, dtype), "bfloat16")
    assert not result.passed
    assert result.problem


def test_a_missing_file_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    np.save(tmp_path / f"output.{encode('a b')}.npy", np.zeros(1, "f4"))
    result = compare("ones", "a b", tmp_path, tmp_path / "cpp", DEFAULT_TOLERANCES)
    assert (result.name, result.output, result.passed) == ("ones", "a b", False)
    assert result.problem == "Python gives this output, C++ does not"
    assert "output.b.npy" in compare("ones", "b", tmp_path, tmp_path, DEFAULT_TOLERANCES).problem


def npy(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(8)


def shaped(shape: object, descr: str = "'<f4'") -> bytes:
    return npy(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}")


def archive() -> bytes:
    """As np.savez writes it, which np.load takes for something else than an array."""
    made = io.BytesIO()
    np.savez(made, np.zeros(1, "f4"))
    return made.getvalue()


DAMAGED = {
    "nothing": b"",
    "a beginning": b"\x93NUMPY",
    "a text": b"not an array",
    "a pickle": b"\x80\x04N.",
    "an archive": archive(),
    "a header that ends early": npy("{'descr': '<f4', 'shape': ("),
    "a header of brackets": npy("(" * 5000),
    "a header with a list for a key": npy("{[]: 1}"),
    "more than there is memory": shaped((10**12, 10**3)),
    "more than there are numbers": shaped((10**30,)),
    "a negative size": shaped((-1,)),
    "Python objects": shaped((1,), "'|O'"),
    "no dtype": shaped((1,), "'x'"),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_a_problem_and_not_a_crash(tmp_path: Path, content: bytes) -> None:
    np.save(tmp_path / "output.y.npy", np.zeros(1, "f4"))
    (tmp_path / "cpp").mkdir()
    (tmp_path / "cpp" / "output.y.npy").write_bytes(content)
    result = compare("ones", "y", tmp_path, tmp_path / "cpp", {})
    assert not result.passed
    assert "output.y.npy cannot be read: " in result.problem
