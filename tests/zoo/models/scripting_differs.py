"""A library's code that computes otherwise when it is scripted, beside a branch that a trace freezes (cause 11)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("refused: differ",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size = float(x.shape[0]) if torch.jit.is_scripting() else float(x.shape[0]) + 1e-3
        if x.sum() > 0:
            return x * size
        return x - size


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.rand(5, 6)}, {"x": -torch.rand(3, 6)}]
