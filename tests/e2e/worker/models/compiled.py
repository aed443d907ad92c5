"""torch.compile in every place where people put it; a backend that must never be asked."""

from __future__ import annotations

import functools
from typing import Any, NoReturn

import torch
from torch import nn


def backend(*_: Any) -> NoReturn:
    message = "something was compiled"
    raise AssertionError(message)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.linear(x)) + x


class Part(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.backbone = torch.compile(Block(), backend=backend)
        self.head = nn.Linear(8, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.backbone(x))


class Deep(nn.Module):
    """In a list of modules, and in what is compiled itself."""

    def __init__(self) -> None:
        super().__init__()
        inner = nn.Sequential(torch.compile(Block(), backend=backend), nn.ReLU())
        self.blocks = nn.ModuleList([torch.compile(inner, backend=backend), Block()])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = block(x)
        return x


class Decorated(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = Block()

    @torch.compile(backend=backend)
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return self.a(x) * 2
        return x


class Method(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = Block()
        self.step = torch.compile(self.step, backend=backend)  # type: ignore[method-assign]

    def step(self, x: torch.Tensor) -> torch.Tensor:
        return self.a(x) * 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.step(x) if x.sum() > 0 else x


@torch.compile(backend=backend)
def doubled(x: torch.Tensor) -> torch.Tensor:
    return x * 2


class Helped(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return doubled(x)


def counted(function: Any) -> Any:
    """A decorator of somebody else's, over torch.compile's."""

    @functools.wraps(function)
    def call(*given: Any) -> Any:
        return function(*given)

    return call


class Twice(Block):
    @counted
    @torch.compile(backend=backend)
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x)


def reassigned() -> nn.Module:
    made = Block()
    made.linear.forward = torch.compile(made.linear.forward, backend=backend)
    return made


def enclosed() -> nn.Module:
    step = torch.compile(torch.nn.functional.silu, backend=backend)

    class Inside(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return step(x)

    return Inside()


class Disabled(nn.Module):
    """Kept from being compiled, which is nothing to tell of; only a script gets it right."""

    @torch.compiler.disable
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.sum() > 0 else x


def in_place() -> nn.Module:
    made = Block()
    made.compile(backend=backend)
    return made


def whole() -> nn.Module:
    return torch.compile(Part(), backend=backend)
