"""Models of which C++ programs are made: without state; answering a view of its own memory; counting its calls."""

from __future__ import annotations

import torch
from torchvision.ops import nms


class Plain(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)


class Scratch(torch.nn.Module):
    """Each call overwrites the memory that the answer of the last one was a view of."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 4)
        self.register_buffer("scratch", torch.zeros(8, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.scratch[: x.shape[0]]
        out.copy_(self.layer(x))
        return out


class Counter(torch.nn.Module):
    """Each answer says how often it was called, and what it was called with."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))
        self.register_buffer("total", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls.add_(1)
        self.total.add_(x.sum(0))
        return self.total * 1000 + self.calls


def example_inputs() -> tuple[torch.Tensor, ...]:
    return (torch.randn(2, 4, generator=torch.Generator().manual_seed(1)),)


class Suppress(torch.nn.Module):
    """An operator that LibTorch does not have."""

    def forward(self, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return nms(boxes, scores, 0.5)


class SuppressMore(Suppress):
    def forward(self, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return nms(boxes, scores, 0.3) + 1
