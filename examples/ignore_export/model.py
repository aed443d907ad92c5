"""Methods that TorchScript is told to leave alone, and methods it is told to take along."""

from __future__ import annotations

import sys

import torch
from torch import nn


class Normalizer(nn.Module):
    def __init__(self, features: int = 8) -> None:
        super().__init__()
        self.linear = nn.Linear(features, features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: [N, features]; when one row is too long, all are brought to length one."""
        y = self.linear(x)
        if bool(torch.linalg.vector_norm(y, dim=1).max() > 1.0):
            return y / self.lengths(y)
        return y

    @torch.jit.export
    def lengths(self, y: torch.Tensor) -> torch.Tensor:
        """Called by forward, and kept as a method of its own in the exported file."""
        return torch.linalg.vector_norm(y, dim=1, keepdim=True)

    @torch.jit.export
    def scaled(self, x: torch.Tensor, factor: float) -> torch.Tensor:
        """Never called by forward: without @torch.jit.export it would not be in the file."""
        return self.linear(x) * factor

    @torch.jit.ignore
    def describe(self, x: torch.Tensor) -> None:
        """Python that TorchScript cannot compile, for use from Python only."""
        sys.stdout.write(f"{type(self).__name__} of {tuple(x.shape)}\n")


def example_inputs() -> list[tuple[torch.Tensor, ...]]:
    return [(torch.rand(size, 8),) for size in (2, 5)]
