"""An answer that depends on a variable of the module, which every call changes."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: state",)
WORDS = ("--input", "x=Nx6")

CALLS = {"count": 0}


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        CALLS["count"] += 1
        return x + CALLS["count"]
