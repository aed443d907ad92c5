"""f-strings, kwargs, comprehensions, an enum: what TorchScript does not read."""

from __future__ import annotations

from enum import Enum
from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Strategy(Enum):
    SUM = "sum"
    MEAN = "mean"


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({f"layer_{index}": nn.Linear(6, 6) for index in range(3)})

    def forward(self, x: torch.Tensor, **options: Any) -> torch.Tensor:
        way = options.get("way", Strategy.SUM)
        found = {name: layer(x) for name, layer in self.layers.items() if name != f"layer_{1}"}
        y = torch.stack([*found.values()])
        return {Strategy.SUM: y.sum, Strategy.MEAN: y.mean}[way](0)
