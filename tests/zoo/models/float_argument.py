"""A number that scales (cause 8)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, x: torch.Tensor, scale: float = 1.0) -> torch.Tensor:
        return (x * scale).tanh()


def example_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(2, 5), "scale": 0.5}, {"x": torch.randn(3, 5), "scale": 2.25}]


def other_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(4, 5), "scale": 0.1}, {"x": torch.randn(4, 5), "scale": -3.0}]
