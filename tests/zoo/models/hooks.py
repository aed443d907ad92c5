"""Forward hooks that change what a layer answers."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


def _louder(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
    return output * 10


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4)
        self.layer.register_forward_hook(_louder)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.layer(x)
        return y
