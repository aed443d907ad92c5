"""Numbers, a word and None among the outputs, always the same (cause 2)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> Any:
        return {"answer": x * 2, "version": 3, "scale": 0.5, "name": "model ä", "nothing": None, "flag": True}
