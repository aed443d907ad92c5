"""Positional and keyword arguments, in another order than forward's."""

from __future__ import annotations

from typing import Optional

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(
        self, a: torch.Tensor, b: Optional[torch.Tensor] = None, c: Optional[torch.Tensor] = None
    ) -> torch.Tensor:
        y = a if b is None else a * b
        return y if c is None else y - c


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"c": torch.randn(count, 3), "a": torch.randn(count, 3)} for count in (2, 4)]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"a": torch.randn(5, 3), "c": torch.randn(5, 3)}]
