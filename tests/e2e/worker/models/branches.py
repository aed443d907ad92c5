"""Models whose trace is right, wrong in one way or another, or impossible."""

from __future__ import annotations

import torch
from torch import nn


class Straight(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.linear(x))


class Branch(Straight):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.linear(x)
        return -2 * self.linear(x)


class ScaleBranch(nn.Module):
    """The sign is no help here: only large numbers take the other way."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.abs().max() > 50:
            return x / x.abs().max()
        return x


class ZeroBranch(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not bool(x.any()):
            return x + 1
        return x


class SecondInputBranch(nn.Module):
    """Only the sign of x against that of y matters."""

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        if bool((x * y).mean() < -0.4):
            return x
        return x + y


class Loop(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = torch.zeros(x.size(1))
        for row in range(x.size(0)):
            total = total + x[row] * row
        return total


class FrozenSize(nn.Module):
    """The batch size passes through a Python number; no TracerWarning comes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(-1) / len(x.tolist())


class Uncompilable(nn.Module):
    """A trace freezes the branch, and the compiler knows no lambda."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return (lambda y: y * 2)(x)  # noqa: PLC3002
        return x


class StraightUncompilable(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (lambda y: y * 2)(x)  # noqa: PLC3002


class Shapes(nn.Module):
    """Another rank for another sign."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x
        return x.sum(0)


class Small(nn.Module):
    """Right to the fourth digit only: the branch changes little."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return x * 1.001
        return x


class Exported(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.twice(x)
        return x

    @torch.jit.export
    def twice(self, x: torch.Tensor) -> torch.Tensor:
        return x + x

    @torch.jit.export
    def thrice(self, x: torch.Tensor) -> torch.Tensor:
        return x * 3

    @torch.jit.ignore
    def described(self, x: torch.Tensor) -> str:
        return f"{x}"


def scripted() -> nn.Module:
    module: nn.Module = torch.jit.script(Branch())
    return module


def traced_wrapper_of_scripted() -> nn.Module:
    return nn.Sequential(torch.jit.script(Branch()), nn.ReLU())
