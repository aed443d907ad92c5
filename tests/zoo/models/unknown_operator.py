"""An operator registered in Python alone: no C++ program can have it."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: zoo::double_it",)
WORDS = ("--input", "x=Nx4")


@torch.library.custom_op("zoo::double_it", mutates_args=())
def double_it(x: torch.Tensor) -> torch.Tensor:
    return x * 2


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = double_it(x)
        return y + 1
