"""In float64: what has an answer there, what has none, and why."""

from __future__ import annotations

from typing import List, Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn


class Plain(nn.Module):
    """Numbers that round, whole ones, and a method besides forward."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:  # noqa: UP006
        y = self.layer(x).exp()
        return y, y.argmax(-1)

    @torch.jit.export
    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x).tanh()


class Casting(nn.Module):
    """Its softmax, its scale and its constants are float32, whatever the rest is."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.scale = torch.full((4,), 1 / 3)  # no buffer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = torch.softmax(self.layer(x), -1, dtype=torch.float32).to(x.dtype)
        angle = torch.arange(4, dtype=torch.float32) / 3
        return weights.float() * angle.sin() * self.scale + torch.zeros(4)


class Half(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4, dtype=torch.bfloat16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x.bfloat16())


class Copying(nn.Module):
    """Eager is exact."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:  # noqa: UP006
        return x * 2, self.layer(x)


class Wide(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.double().sin()


class Refusing(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.dtype != torch.float32:
            raise TypeError("float32 or nothing")
        return x.sin()


class Scratch(nn.Module):
    """Writes its intermediate results into float32 memory of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = torch.zeros(2, 4)  # no buffer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.memory.copy_(x).sin()


class Branching(nn.Module):
    """Answers something else in another dtype."""

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:  # noqa: UP006
        return x.sin(), x + (1 if x.dtype == torch.float32 else 2)


class Lists(nn.Module):
    def forward(self, x: torch.Tensor) -> List[torch.Tensor]:  # noqa: UP006
        return [x.sin(), x.cos()]


class Adding(nn.Module):
    """Keeps state: each answer has the rounding of all calls before."""

    total: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.total += (x / 3).sum(0)
        return self.total.clone()
