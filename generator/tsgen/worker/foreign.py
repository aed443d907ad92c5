"""Operators of other libraries in a TorchScript file.

Python may have them loaded; the C++ program has LibTorch alone.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWN = {
    "aten", "prim", "prims", "quantized", "_quantized", "sparse", "mkldnn", "mkldnn_prepacked", "onednn", "prepacked",
    "xnnpack", "profiler", "inductor", "static_runtime", "tensorexpr", "cuda", "rngprims",
}  # fmt: skip
"""The namespaces that libtorch_cpu registers."""

_CALL = re.compile(r"\bops\.(\w+)\.(\w+)\(")


def foreign_operators(path: Path) -> list[str]:
    found = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if "/code/" in name and name.endswith(".py"):
                found.update(_CALL.findall(archive.read(name).decode("utf-8", "replace")))
    return sorted(f"{namespace}::{name}" for namespace, name in found if namespace not in OWN)
