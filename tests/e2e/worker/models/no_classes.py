"""Models that are no plain classes, and names with dots in them."""

# mypy: disable-error-code="assignment, redundant-expr"
from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class Positioned(nn.Module):
    """A size is an operand."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.arange(64.0).reshape(64, 1))

    def forward(self, x: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        return (x + self.table[: x.shape[0]]) * scale


def _program(model: nn.Module, *arguments: torch.Tensor) -> torch.export.ExportedProgram:
    torch.manual_seed(2)
    sizes = torch.export.Dim("n", min=2, max=64)
    shapes = tuple({0: sizes} if argument.dim() == 2 else None for argument in arguments)
    return torch.export.export(model.eval(), arguments, dynamic_shapes=shapes)


def exported() -> nn.Module:
    return _program(Net(), torch.ones(4, 8)).module()


class Around(nn.Module):
    """A part of it is an exported program's, and another has a mode."""

    def __init__(self) -> None:
        super().__init__()
        self.part = exported()
        self.drop = nn.Dropout()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.drop(self.part(x)).softmax(-1)


class Zoo:
    Inner = Net

    @staticmethod
    def make() -> nn.Module:
        return Net()

    @classmethod
    def make_two(cls) -> nn.Module:
        return nn.Sequential(cls.make(), nn.Linear(2, 2))


zoo = Zoo()


def example_inputs() -> tuple[torch.Tensor]:
    return (torch.ones(4, 8),)


def write(path: str) -> None:
    torch.export.save(_program(Net(), torch.ones(4, 8)), f"{path}/net.pt2")
    torch.export.save(_program(Positioned(), torch.ones(4, 8), torch.ones(())), f"{path}/positioned.pt2")


class NoneFirst(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.last: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        old = self.last
        self.last = [x, x * 2]
        return x if old is None else x + old[0]


class NoneFirstDict(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cache: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.cache is not None:
            x = x + self.cache["x"]
        self.cache = {"x": x}
        return x
