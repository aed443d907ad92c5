"""The engine of quantized operators.

A file does not record it, and the weights are packed for it while the file is loaded: LibTorch starts with `x86`, so a
model that was made under `fbgemm` would answer otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

from . import archives

if TYPE_CHECKING:
    from pathlib import Path

_QUANTIZED = re.compile(rb"\bops\.quantized\.|__torch__\.torch\.classes\.quantized\.")


def of(path: Path) -> str:
    """The engine in use when the file calls quantized operators or holds packed weights, else an empty string."""
    with archives.opened(path) as archive:
        code = [archive.read(name) for name in archive.namelist() if name.endswith((".py", "data.pkl"))]
    packed = any(_QUANTIZED.search(text) for text in code)
    return str(torch.backends.quantized.engine) if packed else ""
