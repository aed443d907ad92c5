"""What --input says of one input of forward."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError
from tsgen.worker.messages import DTYPES, InputRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsgen.worker.messages import Dim, Scalar


_PATH = r"[A-Za-z_]\w*(?:\.\w+)*"
"""`x`, `images.0`, `batch.mask`: a parameter, then places in lists and names in dicts."""
_LARGEST = 2**63
"""Whole numbers travel as int64."""
_DIGITS = 20


def parse_inputs(items: Sequence[str]) -> tuple[InputRequest, ...]:
    """Raises ConfigError as parse_input does."""
    return tuple(parse_input(text) for text in items)


def parse_input(text: str) -> InputRequest:
    """`[NAME=]SHAPE[:DTYPE]` or `NAME==VALUE`. Raises ConfigError.

    SHAPE is dimensions joined by `x`: a number is fixed, a name is dynamic, `NAME@SIZE` says its example size. No
    dimension at all (`scale=:float32`) is a tensor without dimensions. VALUE is no tensor but one of Python's own
    values: a number, a string, true, false or null, as JSON, or else a string.
    """
    literal = re.fullmatch(rf"({_PATH})==(.*)", text, re.ASCII | re.DOTALL)
    if literal:
        return InputRequest(literal[1], is_value=True, value=_literal(literal[2], text))
    name, shape, dtype = _split(text)
    if dtype and dtype not in DTYPES:
        raise ConfigError(f"--input {text}: `{dtype}` is not a dtype", hint=f"one of {', '.join(DTYPES)}")
    dimensions = [_dimension(word, text) for word in shape.split("x")] if shape else []
    sizes = {dim: size for dim, size in dimensions if isinstance(dim, str) and size is not None}
    return InputRequest(name or None, dtype or None, tuple(dim for dim, _ in dimensions), sizes)


def _literal(words: str, text: str) -> Scalar:
    whole = re.fullmatch(r"-?\d+", words)
    if whole and (len(words) > _DIGITS or not -_LARGEST <= int(words) < _LARGEST):
        raise ConfigError(f"--input {text}: the number does not fit in 64 bits", hint="give a smaller number")
    try:
        value = json.loads(words, parse_constant=float)
    except (ValueError, RecursionError):
        return words
    if isinstance(value, (list, dict)):
        raise ConfigError(
            f"--input {text}: a value is a number, a string, true, false or null",
            hint="give the parts one by one, by their path: --input sizes.0==2 --input sizes.1==3",
        )
    return value  # type: ignore[no-any-return]  # what is left of JSON's types


def _split(text: str) -> tuple[str, str, str]:
    match = re.fullmatch(rf"(?:(?P<name>{_PATH})=)?(?P<shape>[\w@]*)(?::(?P<dtype>\w+))?", text, re.ASCII)
    if not match or not (match["shape"] or match["dtype"]):
        raise ConfigError(
            f"--input: `{text}` is not [NAME=]SHAPE[:DTYPE]",
            hint="write it as Nx3x224x224, Nx3xH@224xW@224:float32, input_ids=Nx16:int64, images.0=3x200x300 or k==3",
        )
    return match["name"] or "", match["shape"], match["dtype"] or ""


def _dimension(word: str, text: str) -> tuple[Dim, int | None]:
    """The dimension, with the example size that was given for a name."""
    match = re.fullmatch(r"(?P<size>\d{1,18})|(?P<name>[A-Za-z_]\w*)(?:@(?P<example>\d{1,18}))?", word, re.ASCII)
    if not match:
        raise ConfigError(
            f"--input {text}: `{word}` is not a dimension",
            hint="a dimension is a number, or a name without an `x` for a dynamic one: N, H@224",
        )
    if match["size"]:
        return int(match["size"]), None
    return match["name"], int(match["example"]) if match["example"] else None
