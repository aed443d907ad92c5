"""What freezing changes: a batch norm behind a convolution, state, a second method."""

from __future__ import annotations

import torch


class Normed(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 16, 3)
        self.norm = torch.nn.BatchNorm2d(16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.conv(x))).mean((2, 3))

    @torch.jit.export
    def features(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.conv(x))


class Counting(torch.nn.Module):
    """Answers say how often it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 3)
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls.add_(1)
        return self.layer(x) + self.calls


class Choosing(torch.nn.Module):
    """Only a script is right, and a script can be frozen as well."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Normed()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if bool(x.sum() > 0):
            return self.inner(x)
        return -self.inner(x)
