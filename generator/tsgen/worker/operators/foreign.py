"""Operators and classes of other libraries in a TorchScript file.

Python may have them loaded; the C++ program has LibTorch alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..host import archives

if TYPE_CHECKING:
    from pathlib import Path

OWN = {
    "aten", "prim", "quantized", "_quantized", "quantization", "sparse", "mkl", "mkldnn", "mkldnn_prepacked", "onednn",
    "prepacked", "xnnpack", "profiler", "inductor", "static_runtime", "tensorexpr", "cuda", "c10d", "_c10d_functional",
    "_c10d_functional_autograd", "symm_mem", "_dtensor",
}  # fmt: skip
"""The namespaces that libtorch_cpu 2.14.1 registers: what a C++ program's dispatcher lists, and the JIT's own."""
OWN_CLASSES = OWN | {"rnn", "_nnapi", "dist_c10d", "backends"}

_CALL = re.compile(r"(?<![\w.])ops\.(\w+)\.(\w+)\(")
_CLASS = re.compile(r"__torch__\.torch\.classes\.(\w+)\.(\w+)")


def foreign_operators(path: Path) -> list[str]:
    """`torchvision::nms`, sorted; of all methods and submodules, since the code is the whole program.

    Raises Problem.
    """
    code = _code(path)
    operators = {f"{space}::{name}" for space, name in _CALL.findall(code) if space not in OWN}
    classes = {f"{space}::{name}" for space, name in _CLASS.findall(code) if space not in OWN_CLASSES}
    return sorted(operators | classes)


def _code(path: Path) -> str:
    with archives.opened(path) as archive:
        names = [name for name in archive.namelist() if "/code/" in name and name.endswith(".py")]
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
