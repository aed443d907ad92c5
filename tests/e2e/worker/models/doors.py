"""What comes in through the door: unsigned numbers, sparse tensors, nothing at all, a tuple of lengths."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Depth(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)

    def forward(self, depth: torch.Tensor) -> torch.Tensor:
        return self.conv(depth.float() / 65535.0)


class Unsigned(nn.Module):
    def forward(self, small: torch.Tensor, large: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return small.to(torch.int64).clamp(min=3).to(torch.uint16), small.to(torch.uint32), large.flip(0)


class Multiplied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(4, 2))

    def forward(self, graph: Any) -> torch.Tensor:
        return graph @ self.weight


class Nothing(nn.Module):
    """The anchors of a grid."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.arange(6.0).reshape(3, 2))

    def forward(self) -> torch.Tensor:
        return self.table.softmax(-1)


class NothingOfSeveral(Nothing):
    def forward(self, *given: torch.Tensor) -> torch.Tensor:
        return self.table.softmax(-1) + len(given)


class Lengths(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.loss = nn.CTCLoss()

    def forward(self, scores: torch.Tensor, target: torch.Tensor, sizes: Any, lengths: Any) -> torch.Tensor:
        return self.loss(scores.log_softmax(2), target, sizes, lengths)


def _unsigned(dtype: torch.dtype, *shape: int) -> torch.Tensor:
    return torch.arange(60000, 60000 + torch.Size(shape).numel()).reshape(shape).to(dtype)


EXAMPLES = {
    "Depth": lambda: (_unsigned(torch.uint16, 2, 1, 8, 8),),
    "Unsigned": lambda: (_unsigned(torch.uint16, 3, 2), _unsigned(torch.uint64, 3, 2)),
    "csr": lambda: (torch.eye(4).to_sparse_csr(),),
    "coo": lambda: (torch.eye(4).to_sparse(),),
    "nested": lambda: (torch.nested.nested_tensor([torch.ones(2, 4), torch.ones(3, 4)]),),
    "Nothing": tuple,
    "Lengths": lambda: (torch.randn(12, 2, 5), torch.randint(1, 5, (2, 4)), (12, 12), (4, 3)),
}
