"""A branch on the values of the input: which way it goes is decided anew at every call."""

from __future__ import annotations

import torch
from torch import nn


class MyModule(nn.Module):
    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(rows, columns))

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - PyTorch's own name for it
        if input.sum() > 0:
            return self.weight.mv(input)
        return self.weight + input


def build() -> MyModule:
    return MyModule(10, 20)


def example_inputs() -> tuple[torch.Tensor, ...]:
    return (torch.ones(20),)
