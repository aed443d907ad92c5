"""torch's dtypes by the words of a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from ..messages import Problem
from ..suggest import did_you_mean
from .npy import DESCRIPTIONS

if TYPE_CHECKING:
    from ..aliases import Dtype


_BY_NAME = {name: getattr(torch, name) for name in DESCRIPTIONS if hasattr(torch, name)}
"""torch has uint16, uint32 and uint64 since 2.3."""
_NAMES = {dtype: name for name, dtype in _BY_NAME.items()}


def dtype_named(name: str) -> Dtype:
    if name not in _BY_NAME:
        raise Problem(
            "bad_input",
            f"there is no dtype {name!r} here",
            did_you_mean(name, _BY_NAME) or f"known are {', '.join(_BY_NAME)}",
        )
    return _BY_NAME[name]


def known(dtype: Dtype) -> str | None:
    return _NAMES.get(dtype)


def dtype_name(dtype: Dtype) -> str:
    if dtype not in _NAMES:
        raise Problem("unsupported", f"tensors of {dtype} cannot be saved as .npy", "convert it inside forward")
    return _NAMES[dtype]


def is_float(name: str) -> bool:
    return name.startswith(("float", "bfloat", "complex"))
