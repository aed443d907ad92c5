"""A model that raises on what it is given."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: five",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[1] != 5:
            raise ValueError("five columns, please")
        return x
