"""`PYTHON path/to/cold_start.py REQUEST`: what a user of torch.jit.load waits for, from the start to the first answer.

A file of its own that imports nothing of the worker: whatever it did besides would be counted.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # the worker's folder: its module names must not shadow those that torch imports

import ast
import json
from typing import Any

import torch

_ITEMS = {"int": int, "float": float, "bool": bool}
_DTYPES = {
    "|u1": torch.uint8,
    "|i1": torch.int8,
    "<i2": torch.int16,
    "<i4": torch.int32,
    "<i8": torch.int64,
    "<f2": torch.float16,
    "<V2": torch.bfloat16,
    "|V2": torch.bfloat16,
    "<f4": torch.float32,
    "<f8": torch.float64,
    "|b1": torch.bool,
    "<c8": torch.complex64,
    "<c16": torch.complex128,
    **{f"<u{size}": getattr(torch, f"uint{8 * size}", None) for size in (2, 4, 8)},
}


def main(request: dict[str, Any]) -> None:
    if request["engine"]:
        torch.backends.quantized.engine = request["engine"]
    for library in request["libraries"]:
        torch.ops.load_library(library)
    module = torch.jit.load(request["model"], map_location="cpu")
    entry = getattr(module, request["method"] or "forward")
    inputs = [_value(each) for each in request["inputs"]]
    with torch.no_grad():
        entry(*(_leaves(inputs) if request["flat"] else inputs))


def _value(given: dict[str, Any]) -> object:
    kind = given["kind"]
    if kind in ("none", "constant"):
        return given.get("value")
    if kind in ("record", "tuple", "list"):
        parts = [_value(part) for part in given["parts"]]
        if kind == "record":
            return tuple(parts) if given["type"] else dict(zip(given["keys"], parts))
        return tuple(parts) if kind == "tuple" else parts
    tensor = _read(given["file"])
    if kind == "str":
        return bytes(tensor.tolist()).decode()
    return _ITEMS[kind](tensor.item()) if kind in _ITEMS else tensor


def _read(file: str) -> torch.Tensor:
    """A .npy file, version 1.0, as the worker writes them; torch needs no numpy for it."""
    with open(file, "rb") as stream:  # noqa: PTH123 - pathlib is one import more
        stream.seek(8)
        header = ast.literal_eval(stream.read(int.from_bytes(stream.read(2), "little")).decode("latin1"))
        data = bytearray(stream.read())
    dtype = _DTYPES[header["descr"]]
    flat = torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)
    return flat.reshape(header["shape"])


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [leaf for part in value for leaf in _leaves(part)]
    return [] if value is None else [value]


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
