"""Weights and numbers of bfloat16."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4).bfloat16()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)
