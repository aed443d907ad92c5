"""Factories and models that do what they should not."""

from __future__ import annotations

import os
import sys

import torch
from torch import nn
from torch.nn import functional


class Straight(nn.Module):
    def __init__(self, features: int, rows: int = 2) -> None:
        super().__init__()
        self.linear = nn.Linear(features, rows)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


instance = Straight(8)


def raising() -> nn.Module:
    return _deeper({})


def _deeper(config: dict[str, int]) -> nn.Module:
    return Straight(config["features"])


def raising_in_torch() -> nn.Module:
    return nn.Conv2d(3, 4, 3, groups=2)


def leaving() -> nn.Module:
    sys.exit("no model today")


def number() -> int:
    return 3


def talking() -> nn.Module:
    sys.stdout.write("hello from the factory\n")
    os.write(1, b"hello from C++\n")
    os.chdir("/")
    torch.set_num_threads(2)
    return Straight(8)


class Noisy(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.dropout(x, 0.5)


class Remembering(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return x * self.calls


class Leaving(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sys.exit(3)
        return x


def foreign() -> nn.Module:
    """Calls an operator of torchvision's, which LibTorch does not have."""
    from torchvision.ops import nms  # noqa: PLC0415

    class Suppressed(nn.Module):
        def forward(self, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
            return nms(boxes, scores, 0.5)

    return Suppressed()


class Lazy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.LazyLinear(3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)
