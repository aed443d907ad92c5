"""One dimension is frozen by Python, the others are not."""

from __future__ import annotations

import torch
from torch import nn


class Tokens(nn.Module):
    """The batch."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.token = nn.Parameter(torch.randn(1, 4))

    def forward(self, img: torch.Tensor, *, scale: float = 1.0) -> torch.Tensor:
        x = self.conv(img * scale).flatten(2).transpose(1, 2)
        token = torch.stack([self.token] * len(x))
        return torch.cat([token, x], 1).mean(1)


class Rows(nn.Module):
    """The height."""

    def forward(self, img: torch.Tensor, *, scale: float = 1.0) -> torch.Tensor:
        rows = torch.stack([torch.ones(())] * img.shape[2])
        return (img * rows[:, None] * scale).mean((1, 3))


class Columns(nn.Module):
    """The width."""

    def forward(self, img: torch.Tensor, *, scale: float = 1.0) -> torch.Tensor:
        columns = torch.tensor([float(place) for place in range(img.shape[3])])
        return (img * columns * scale).mean((1, 2))


def example_inputs() -> tuple[torch.Tensor]:
    return (torch.randn(2, 3, 8, 12),)
