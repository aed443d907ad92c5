"""A branch inside a part that can be scripted, in a whole that can only be traced (causes 4 and 9)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Gate(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x * 2
        return x.tanh()


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gate, self.layer = Gate(), nn.Linear(6, 6)

    def forward(self, x: torch.Tensor, **options: Any) -> torch.Tensor:
        scale = {"scale": 2.0, **options}["scale"]
        y: torch.Tensor = self.layer(self.gate(x))
        return y * scale


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.rand(3, 6)}, {"x": -torch.rand(4, 6)}]
