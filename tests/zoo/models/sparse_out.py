"""A sparse tensor at the output, which no file of numbers holds."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: sparse",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.relu().to_sparse()
