"""The grammar of --input: [NAME=]SHAPE[:DTYPE] and NAME==VALUE."""

from __future__ import annotations

from typing import Any

import pytest

from tsgen.errors import ConfigError
from tsgen.model import parse_inputs
from tsgen.model.inputs import parse_input
from tsgen.worker.messages import DTYPES, InputRequest


def dynamic(name: str, size: int | None = None) -> tuple[str, int | None]:
    return name, size


@pytest.mark.parametrize(
    ("text", "name", "dtype", "shape"),
    [
        ("3x224x224", None, None, [3, 224, 224]),
        ("1", None, None, [1]),
        ("0x3", None, None, [0, 3]),
        ("Nx3", None, None, [dynamic("N"), 3]),
        ("N", None, None, [dynamic("N")]),
        ("N@4x3", None, None, [dynamic("N", 4), 3]),
        ("Nx3xH@224xW@224:float32", None, "float32", [dynamic("N"), 3, dynamic("H", 224), dynamic("W", 224)]),
        ("NxN", None, None, [dynamic("N"), dynamic("N")]),
        ("x=3", "x", None, [3]),
        ("input_ids=Nx16:int64", "input_ids", "int64", [dynamic("N"), 16]),
        ("mask=batch_size@2x8:bool", "mask", "bool", [dynamic("batch_size", 2), 8]),
        ("scale=:float32", "scale", "float32", []),
        (":int64", None, "int64", []),
        ("images.0=3x200x300", "images.0", None, [3, 200, 300]),
        ("batch.mask=Nx4:bool", "batch.mask", "bool", [dynamic("N"), 4]),
        ("features.1.low=2", "features.1.low", None, [2]),
    ],
)
def test_an_input_is_a_name_a_shape_and_a_dtype(
    text: str, name: str | None, dtype: str | None, shape: list[Any]
) -> None:
    named = {dim for dim in shape if isinstance(dim, tuple)}
    parsed = parse_input(text)
    assert (parsed.name, parsed.dtype, parsed.is_value) == (name, dtype, False)
    assert parsed.shape == tuple(dim[0] if isinstance(dim, tuple) else dim for dim in shape)
    assert parsed.sizes == {dim: size for dim, size in named if size is not None}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("k==3", "k", 3),
        ("scale==0.5", "scale", 0.5),
        ("tiny==1e-9", "tiny", 1e-9),
        ("upper==false", "upper", False),
        ("mask==null", "mask", None),
        ("mode==fast", "mode", "fast"),
        ('digits=="3"', "digits", "3"),
        ("empty==", "empty", ""),
        ("words==a=b:c x d", "words", "a=b:c x d"),
        ("lines==a\nb", "lines", "a\nb"),
        ("options.beams==4", "options.beams", 4),
        ("sizes.1==-2", "sizes.1", -2),
        ("least==-9223372036854775808", "least", -(2**63)),
    ],
)
def test_two_equal_signs_give_a_value_of_pythons(text: str, name: str, value: object) -> None:
    parsed = parse_input(text)
    assert parsed == InputRequest(name, is_value=True, value=value)  # type: ignore[arg-type]
    assert type(parsed.value) is type(value)


def test_infinity_is_a_number() -> None:
    assert parse_input("bound==-Infinity").value == float("-inf")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("k==[1, 2]", "a value is a number, a string, true, false or null"),
        ('k=={"a": 1}', "a value is a number, a string, true, false or null"),
        ("k==9223372036854775808", "does not fit in 64 bits"),
        (f"k=={'9' * 5000}", "does not fit in 64 bits"),
        ("==3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("1k==3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("a.==3", "is not [NAME=]SHAPE[:DTYPE]"),
        (".0=3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("images..0=3", "is not [NAME=]SHAPE[:DTYPE]"),
    ],
)
def test_a_value_or_path_that_cannot_be_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_input(text)
    assert told in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_of_a_signature_can_be_named(dtype: str) -> None:
    assert parse_input(f"2:{dtype}").dtype == dtype


def test_inputs_keep_their_order() -> None:
    assert [item.name for item in parse_inputs(["b=1", "a=2"])] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not [NAME=]SHAPE[:DTYPE]"),
        ("x=", "is not [NAME=]SHAPE[:DTYPE]"),
        ("3,224", "is not [NAME=]SHAPE[:DTYPE]"),
        ("3 x 4", "is not [NAME=]SHAPE[:DTYPE]"),
        ("-1x3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("3x4:", "is not [NAME=]SHAPE[:DTYPE]"),
        ("1bad=3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("größe=3", "is not [NAME=]SHAPE[:DTYPE]"),
        ("x=3:float32:float32", "is not [NAME=]SHAPE[:DTYPE]"),
        ("3x", "`` is not a dimension"),
        ("3xx4", "`` is not a dimension"),
        ("x3", "`` is not a dimension"),
        ("3x4N", "`4N` is not a dimension"),
        ("N@", "`N@` is not a dimension"),
        ("@3", "`@3` is not a dimension"),
        ("3@4", "`3@4` is not a dimension"),
        ("N@Mx2", "`N@M` is not a dimension"),
        ("2:float", "`float` is not a dtype"),
        ("2:Float32", "`Float32` is not a dtype"),
    ],
)
def test_anything_else_is_refused_in_its_own_words(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_input(text)
    assert caught.value.message.startswith("--input")
    assert text in caught.value.message
    assert told in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ["9" * 5000, f"N@{'9' * 5000}"], ids=["size", "example"])
def test_a_size_beyond_all_numbers_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_input(text)
