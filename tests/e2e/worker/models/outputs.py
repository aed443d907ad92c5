"""Nested, odd and impossible outputs."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn


class Found(NamedTuple):
    boxes: torch.Tensor
    scores: torch.Tensor


class Nested(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, List[torch.Tensor]]:  # noqa: UP006
        return x + 1, [x * 2, x.sum(dim=1)]


class Mapping(nn.Module):
    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:  # noqa: UP006
        return {"z last": x + 1, "ä/b": x.mean(dim=0)}


class Named(nn.Module):
    def forward(self, x: torch.Tensor) -> Found:
        return Found(x * 2, x.sum(dim=1))


class Numbers(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, int, float, bool]:  # noqa: UP006
        return x, x.size(0), 0.5, x.size(0) > 2


class Missing(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, Optional[torch.Tensor]]:  # noqa: UP006
        return x, None


class Sometimes(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, Optional[torch.Tensor]]:  # noqa: UP006
        if x.sum() > 0:
            return x, x
        return x, None


class Text(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, str]:  # noqa: UP006
        return x, "text"


class Nothing(nn.Module):
    def forward(self, x: torch.Tensor) -> None:
        x.sum()


class Sparse(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.to_sparse()


class NonFinite(nn.Module):
    """NaN for negative numbers, infinity for zeros."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.log(x) + 1 / x


class Selected(nn.Module):
    """How many rows come back depends on the values."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[x[:, 0] > 0]


class Chance(nn.Module):
    """Three is the batch size of a case as well, twice the batch no dimension of the input."""

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:  # noqa: UP006
        return x.new_zeros(3), torch.cat([x, x])


class Kinds(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:  # noqa: UP006
        return x.to(torch.bfloat16), x > 0, torch.complex(x, x).conj(), x.to(torch.float16).t()


class Scalar(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum()


class Reused(nn.Module):
    """Hands out a buffer that its next call overwrites."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("answer", torch.zeros(2, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.answer.copy_(x)
