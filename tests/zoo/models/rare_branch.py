"""A branch that random numbers hardly ever take: nothing that is tried at random finds it."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x[0, 0] == 12.5:
            return x.exp()
        return x * 3


def other_inputs() -> list[dict[str, torch.Tensor]]:
    special = torch.randn(3, 4)
    special[0, 0] = 12.5
    return [{"x": special}, {"x": torch.randn(2, 4)}]
