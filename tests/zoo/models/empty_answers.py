"""As many rows as the data says: sometimes none."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[x[:, 0] > 1.0]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(9, 4)}, {"x": torch.zeros(3, 4)}, {"x": torch.zeros(0, 4)}]
