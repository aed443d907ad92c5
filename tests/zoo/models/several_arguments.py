"""Any number of positional arguments (cause 7)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        return torch.stack(list(tensors)).mean(0)


def example_inputs() -> list[tuple[torch.Tensor, ...]]:
    return [(torch.randn(2, 3), torch.randn(2, 3)), (torch.randn(4, 3), torch.randn(4, 3))]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{f"tensors{index}": torch.randn(5, 3) for index in range(2)}]
