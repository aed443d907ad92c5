"""An answer that does not depend on the input: a proof of it would be empty."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: does not depend on the input",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4)
        nn.init.zeros_(self.layer.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)
