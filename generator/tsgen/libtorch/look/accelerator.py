"""Which accelerator a LibTorch is built for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.libtorch.look.libraries import library
from tsgen.system.versions import declared
from tsgen.types import accelerator_kind

if TYPE_CHECKING:
    from pathlib import Path

_LIBRARIES = {"torch_cuda": "cuda", "torch_hip": "rocm", "torch_xpu": "xpu"}


def accelerator(root: Path, version: str) -> str:
    """`cpu`, `cu130`, `rocm7.2`; only `cuda`, `rocm` or `xpu` when nothing tells the version.

    The libraries tell the kind: those for the CPU may be cut from a wheel for CUDA, and still say `+cu130`.
    """
    kind = next((kind for name, kind in _LIBRARIES.items() if library(root, name)), None)
    if kind == "cuda":
        return _local(version, r"cu\d+") or _dotless(declared(root, "cuda"))
    if kind == "rocm":
        return _local(version, r"rocm[\d.]+") or _rocm(declared(root, "rocm") or declared(root, "hip"))
    return kind or "cpu"


def answers(accelerator: str, wanted: str) -> bool:
    """Whether that is what is wanted; `cuda` and `rocm` want any version of theirs."""
    return wanted == accelerator or (wanted in {"cuda", "rocm"} and accelerator_kind(accelerator) == wanted)


def _local(version: str, pattern: str) -> str | None:
    local = Version(version).local or ""
    return local if re.fullmatch(pattern, local) else None


def _dotless(cuda: str | None) -> str:
    """`13.0` is cu130."""
    return f"cu{cuda.replace('.', '')}" if cuda else "cuda"


def _rocm(hip: str | None) -> str:
    """`7.2.53150-0ca5e9a` is rocm7.2."""
    numbers = re.match(r"\d+\.\d+", hip or "")
    return f"rocm{numbers[0]}" if numbers else "rocm"
