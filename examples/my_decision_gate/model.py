"""A recurrent cell whose gate, a module of its own, branches on the values it is given."""

from __future__ import annotations

import torch
from torch import nn


class MyDecisionGate(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x
        return -x


class MyCell(nn.Module):
    def __init__(self, features: int = 4) -> None:
        super().__init__()
        self.gate = MyDecisionGate()
        self.linear = nn.Linear(features, features)

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Takes x and h, both [N, features]; returns the output and the next h, which here are the same."""
        new_h = torch.tanh(self.gate(self.linear(x)) + h)
        return new_h, new_h


def example_inputs() -> list[tuple[torch.Tensor, ...]]:
    return [(torch.rand(size, 4), torch.rand(size, 4)) for size in (3, 5)]
