"""A dataclass at the output, with a nested one and a field that is None (causes 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


@dataclass
class Inner:
    features: torch.Tensor
    length: torch.Tensor


@dataclass
class Answer:
    logits: torch.Tensor
    hidden: Inner
    loss: Optional[torch.Tensor] = None


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4)

    def forward(self, x: torch.Tensor) -> Answer:
        y = self.layer(x)
        return Answer(logits=y, hidden=Inner(features=y.tanh(), length=y.norm(dim=1)))
