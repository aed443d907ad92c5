"""Both ways mixed: a loop that must be scripted around a traced cell, a traced wrapper around the scripted loop."""

from __future__ import annotations

import torch
from torch import nn

FEATURES = 4
BATCH = 3


class Cell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(FEATURES, FEATURES)

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        new_h = torch.tanh(self.linear(x) + h)
        return new_h, new_h


class Loop(nn.Module):
    """Runs a traced cell over the steps of a sequence; how many there are is known only when it is called."""

    def __init__(self) -> None:
        super().__init__()
        example = torch.rand(BATCH, FEATURES), torch.rand(BATCH, FEATURES)
        self.cell = torch.jit.trace(Cell(), example)

    def forward(self, xs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """xs: [steps, batch, features]; returns the last output and the last state."""
        h = torch.zeros(xs.size(1), xs.size(2))
        y = torch.zeros(xs.size(1), xs.size(2))
        for step in range(xs.size(0)):
            y, h = self.cell(xs[step], h)
        return y, h


class Wrapped(nn.Module):
    """Straight-line code around the scripted loop: it can be traced, and the loop in it stays a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = torch.jit.script(Loop())

    def forward(self, xs: torch.Tensor) -> torch.Tensor:
        y, _ = self.loop(xs)
        return torch.relu(y)


def loop() -> Loop:
    return Loop()


def wrapped() -> Wrapped:
    return Wrapped()


def example_inputs() -> list[tuple[torch.Tensor, ...]]:
    return [(torch.rand(steps, batch, FEATURES),) for steps, batch in ((5, 3), (7, 2))]
