"""The engine of quantized operators.

A file does not record it, and the weights are packed for it while the file is loaded: LibTorch starts with `x86`, so a
model that was made under `fbgemm` would answer otherwise.
"""

from __future__ import annotations

from typing import Any

import torch


def of(module: Any) -> str:
    """The engine in use when the module calls quantized operators, else an empty string."""
    names = torch.jit.export_opnames(module)
    packed = any(name.startswith("quantized::") for name in names)
    return str(torch.backends.quantized.engine) if packed else ""
