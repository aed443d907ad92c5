"""A module already scripted."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Gate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.layer(x)
        return x


def Model() -> Any:  # noqa: N802 - the zoo takes Model from every file
    return torch.jit.script(Gate())


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.rand(3, 6)}, {"x": -torch.rand(4, 6)}]
