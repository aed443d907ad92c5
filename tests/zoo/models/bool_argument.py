"""A truth value that chooses the way."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, x: torch.Tensor, flip: bool) -> torch.Tensor:  # noqa: FBT001
        if flip:
            return x.flip(1).cumsum(1)
        return x.cumsum(1)


def example_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(2, 5), "flip": True}, {"x": torch.randn(3, 5), "flip": False}]


def other_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(4, 5), "flip": True}, {"x": torch.randn(4, 5), "flip": False}]
