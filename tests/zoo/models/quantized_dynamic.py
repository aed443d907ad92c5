"""Linear layers quantized when they run (cause 10)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "Nx32")


def Model() -> Any:  # noqa: N802 - the zoo takes Model from every file
    model = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 8))
    return torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
