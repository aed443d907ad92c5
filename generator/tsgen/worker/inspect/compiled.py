"""What is in a model that AOTInductor wrote as C++: nothing of it is compiled or run, it is read as text."""

from __future__ import annotations

import re
from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Any

import torch

from ..aotinductor.wrapper import HELD
from ..artifact.signature import EXTRA_FILE
from ..messages import Problem
from ..messages.inspection import Inspection, OperatorSeen, Producer, SourceSeen, Submodule, TensorSeen
from ..progress import progress
from . import methods, operators, signed, tensors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..messages.inspection import InspectRequest

CODE, WEIGHTS = "model.cpp", "weights.bin"
_HELD = re.compile(r"constants_info_\[(\d+)\]\.(\w+) = (.*);$", re.MULTILINE)
_CALLED = re.compile(
    r"\baoti_torch_(?:cpu_(\w+)|(index_put_out|scatter_out|scatter_reduce_out|nonzero|repeat_interleave_Tensor))\("
)
"""A C function of LibTorch's that computes. What only makes, asks or frees a tensor has no device in its name."""
_KERNEL = re.compile(r"^\s+cpp_(fused\w*)\(", re.MULTILINE)
"""Where a loop that Inductor wrote is called."""


def is_compiled(path: Path) -> bool:
    return path.suffix == ".cpp" and path.with_name(EXTRA_FILE).is_file()


def inspection(request: InspectRequest, remarks: Any) -> Inspection:
    """Of model.cpp and what lies beside it. Raises Problem."""
    progress("read the C++")
    texts = _texts(request.path)
    written = signed.parse(texts[EXTRA_FILE])
    if written is None:
        raise Problem("bad_file", f"{request.path.with_name(EXTRA_FILE)} is not tsgen's", "export the model again")
    found = tuple(_tensors(texts[CODE]))
    weights = request.path.with_name(WEIGHTS).stat().st_size
    sizes = {"code": len(texts[CODE].encode()), "extra": len(texts[EXTRA_FILE].encode()), "constants": 0}
    data = min(weights, sum(each.bytes for each in found))
    return Inspection(
        file=request.path,
        bytes=sizes["code"] + sizes["extra"] + weights,
        loaded=True,
        missing_operators=(),
        read_by=str(torch.__version__),
        class_name="",
        produced_by=_producer(written.words, tuple(remarks(written.words))),
        methods=methods.methods(None, written),
        tensors=found,
        submodules=(Submodule("", "", **tensors.held(found)),),
        operators=_operators(texts[CODE]),
        archive={**sizes, "data": data, "other": weights - data},
        code=(SourceSeen("", "", "forward", texts[CODE]),) if request.code else None,
    )


def _texts(path: Path) -> dict[str, str]:
    try:
        return {name: path.with_name(name).read_text(encoding="utf-8") for name in (CODE, EXTRA_FILE)}
    except (OSError, UnicodeError) as error:
        raise Problem("bad_file", f"{path} cannot be read: {error}", "export the model again") from error


def _producer(words: dict[str, list[str]], remarks: tuple[str, ...]) -> Producer:
    torch_version, model, method = (" ".join(words.get(key, ())) for key in ("torch", "model", "method"))
    return Producer(torch_version, model, method, None, remarks)


def _tensors(code: str) -> Iterator[TensorSeen]:
    """As the constructor of the model names them. Each has bytes of its own."""
    facts: dict[str, dict[str, str]] = {}
    for number, key, value in _HELD.findall(code):
        facts.setdefault(number, {})[key] = value
    for number, each in facts.items():
        shape = tuple(int(size) for size in re.findall(r"\d+", each.get("shape", "").replace("L", "")))
        dtype = each.get("dtype", "").removeprefix("cached_torch_dtype_")
        kind = "parameter" if each.get("type", "").endswith("Parameter)") else "buffer"
        name = (each.get("original_fqn", "").strip('"') or each.get("name", "").strip('"')).removeprefix(f"{HELD}.")
        yield TensorSeen(name, kind, dtype, shape, _bytes(dtype, shape), int(number))


def _bytes(dtype: str, shape: tuple[int, ...]) -> int:
    kind = getattr(torch, dtype, None)
    return prod(shape) * (int(kind.itemsize) if isinstance(kind, torch.dtype) else 0)


def _operators(code: str) -> tuple[OperatorSeen, ...]:
    """LibTorch's that are called, and the loops that are written in the file itself."""
    called = Counter(f"aten::{of_device or other}" for of_device, other in _CALLED.findall(code))
    kernels = Counter(f"kernel::{name}" for name in _KERNEL.findall(code))
    return (
        *operators.described(called),
        *(OperatorSeen(name, count, in_libtorch=False, registered=False) for name, count in sorted(kernels.items())),
    )
