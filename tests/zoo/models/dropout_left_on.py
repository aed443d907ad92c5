"""Dropout that is on at inference too."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: random",)
WORDS = ("--input", "x=Nx40")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.dropout(x, 0.5, training=True)
