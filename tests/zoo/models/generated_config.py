"""A configuration whose class is generated when it is imported, so that no source is to be found (cause 3)."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")

Config = make_dataclass("Config", [("width", int), ("scale", float)])


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.config: Any = Config(6, 0.5)
        self.layer = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        chosen: Any = Config(self.config.width, 2.0)
        y = self.layer(x) * chosen.scale
        return {"last": y, "pooled": y.mean(1)}
