"""An optional tensor that may be left out: two ways of computing (cause 4)."""

from __future__ import annotations

from typing import Optional

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor, mask: Optional[torch.Tensor] = None) -> torch.Tensor:
        y = self.layer(x)
        if mask is not None:
            y = y.masked_fill(~mask, -1.0)
        return y.softmax(-1)


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(2, 6), "mask": torch.rand(2, 6) > 0.5}, {"x": torch.randn(3, 6)}]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(5, 6), "mask": torch.rand(5, 6) > 0.3}, {"x": torch.randn(4, 6)}]
