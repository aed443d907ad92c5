"""A loop over layers that ends early, which TorchScript cannot say (causes 4 and 9)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: break",)
WORDS = ("--input", "x=Nx8")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
            if x.abs().max() > 1.5:
                break
        return x


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(3, 8) * scale} for scale in (0.1, 1, 2, 10)]
