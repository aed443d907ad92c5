"""A number among the outputs that depends on the input."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> Any:
        return x * 2, x.shape[0], float(x.mean())


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(count, 4)} for count in (1, 5, 9)]
