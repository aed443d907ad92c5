"""Any number of keyword arguments (cause 7)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, x: torch.Tensor, **others: torch.Tensor) -> torch.Tensor:
        for name in sorted(others):
            x = x * 2 + others[name]
        return x


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [{name: torch.randn(count, 3) for name in ("x", "b", "a")} for count in (2, 4)]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(5, 3), "b": torch.randn(5, 3), "a": torch.randn(5, 3)}]
