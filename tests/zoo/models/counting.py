"""A Python number kept from call to call."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        return x * self.count
