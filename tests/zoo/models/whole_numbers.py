"""Whole numbers of several widths, and truth values."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx5:int32")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"short": x.short(), "byte": (x % 7).byte(), "long": x.long() * 3, "even": x % 2 == 0}
