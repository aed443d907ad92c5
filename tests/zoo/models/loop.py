"""A loop as long as the data says (cause 4)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps = int(x.abs().mean() * 3) + 1
        for _ in range(steps):
            x = self.layer(x).tanh() + x * 0.5
        return x


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(3, 4) * scale} for scale in (0.01, 1, 3, 7)]
