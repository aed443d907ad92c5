"""A method that TorchScript ignores is called (cause 9)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4)

    @torch.jit.ignore
    def log(self, x: torch.Tensor) -> torch.Tensor:
        return x * len({"a": 1, "b": 2})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.log(self.layer(x))
