"""A branch on the data (cause 4)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x * 2
        return x - 1


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.rand(5, 4)}, {"x": -torch.rand(5, 4)}]
