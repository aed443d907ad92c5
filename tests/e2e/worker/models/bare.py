"""Parameters without annotation, which torch.jit.script takes for Tensors."""
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs

import torch
from torch import nn


class BareList(nn.Module):
    def forward(self, xs):
        total = xs[0]
        for x in xs[1:]:
            total = total + x
        return total


class BareNumber(nn.Module):
    def forward(self, x, k):
        return torch.topk(x, k)[0]


class Blending(nn.Module):
    """A stream, and a method of it whose defaults alone say what they are."""

    memory: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("memory", torch.zeros(1, 4))

    def forward(self, x):
        self.memory = torch.tanh(self.linear(x) + 0.5 * self.memory)
        return self.memory

    @torch.jit.export
    def blend(self, x, by=0.25, times=1):
        self.memory = self.memory * by + x * times
        return self.memory
