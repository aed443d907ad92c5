"""A branch with a method that TorchScript does not compile (cause 9)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.training_only = nn.Linear(6, 4), False

    @torch.jit.unused
    def report(self, x: torch.Tensor) -> torch.Tensor:
        print(f"{x.shape}", file=None)  # noqa: T201
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.layer(x)
        if self.training_only:
            y = self.report(y)
        if y.sum() > 0:
            return y
        return -y


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(3, 6)}, {"x": -torch.randn(5, 6)}]
