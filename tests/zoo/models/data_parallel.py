"""Wrapped in nn.DataParallel."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "Nx6")


class Inner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)


def Model() -> nn.Module:  # noqa: N802 - the zoo takes Model from every file
    return nn.DataParallel(Inner())
