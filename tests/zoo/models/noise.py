"""A random number in each answer."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: random",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.rand(()) * 0.01
