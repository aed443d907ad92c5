"""State kept from call to call (cause 12)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    tail: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("tail", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x + self.tail
        self.tail = y[-1] * 0.5
        return y


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(3, 4)}, {"x": torch.randn(6, 4)}]
