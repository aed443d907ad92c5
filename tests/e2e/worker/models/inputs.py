"""What forward takes. (Also: a module of the worker is called like this file.)"""

from __future__ import annotations

from typing import Optional  # what torch.jit.script reads in every version

import torch
from torch import nn


class Two(nn.Module):
    def forward(self, left: torch.Tensor, right: torch.Tensor, bias: Optional[torch.Tensor] = None) -> torch.Tensor:
        result = left - 2 * right
        return result if bias is None else result + bias


class Middle(nn.Module):
    def forward(
        self, x: torch.Tensor, mask: Optional[torch.Tensor] = None, scale: Optional[torch.Tensor] = None
    ) -> torch.Tensor:
        x = x if mask is None else x * mask
        return x if scale is None else x * scale


class KeywordOnly(nn.Module):
    def forward(self, x: torch.Tensor, *, bias: torch.Tensor) -> torch.Tensor:
        return x + bias


class Several(nn.Module):
    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        return sum(tensors[1:], tensors[0])


class NoInput(nn.Module):
    def forward(self) -> torch.Tensor:
        return torch.arange(4.0)


class Embedding(nn.Module):
    """Accepts indices below `words`."""

    def __init__(self, words: int = 8) -> None:
        super().__init__()
        self.table = nn.Embedding(words, 4)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.table(ids) * mask.unsqueeze(-1)


class Double(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 2).double()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


class Fixed(nn.Module):
    """Takes a batch of two and nothing else."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(2, -1)[:, :4] + torch.zeros(2, x.size(1))[:, :4] * x.reshape(2, x.size(1))[:, :4]


class Grid(nn.Module):
    """A height that must be even."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if image.shape[2] % 2:
            raise ValueError("height must be even")
        return image[:, :, ::2]


class Positive(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if bool((x < 0).any()):
            raise ValueError("negative\nnumbers are not for me")
        return x.sqrt()


class InPlace(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mul_(2)
