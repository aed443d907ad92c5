"""Parameters by keyword only, one with a default (cause 7)."""

from __future__ import annotations

from typing import Optional

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor, *, bias: torch.Tensor, scale: Optional[torch.Tensor] = None) -> torch.Tensor:
        y = self.layer(x) + bias
        return y if scale is None else y * scale


def _inputs(count: int) -> dict[str, torch.Tensor]:
    return {"x": torch.randn(count, 6), "bias": torch.randn(6), "scale": torch.randn(count, 1)}


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(2), _inputs(3)]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(5), _inputs(1)]
