"""A word that chooses the way."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, x: torch.Tensor, mode: str) -> torch.Tensor:
        if mode == "mean":
            return x.mean(1)
        if mode == "max":
            return x.amax(1)
        return x.sum(1)


def example_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(2, 5), "mode": "mean"}, {"x": torch.randn(3, 5), "mode": "max"}]


def other_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(4, 5), "mode": word} for word in ("mean", "max", "sum", "ä")]
