"""What no usual input shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


class Threshold(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 1e6:
            return x * 2
        return x + 1


class Unscriptable(torch.nn.Module):
    """`**` in a call is beyond torch.jit.script."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        options: dict[str, Any] = {"min": 0.0}
        if x.sum() > 1e6:
            return x * 2
        return torch.clamp(x, **options) + x


class SeldomDropped(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.dropout(x, 1e-9)


class SetUpByItsFirstInput(torch.nn.Module):
    scale: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scale", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if float(self.scale) == 0.0:
            self.scale.copy_(x.abs().mean())
        return x / self.scale


class Counting(torch.nn.Module):
    calls: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls.add_(1)
        return x * 3


def from_its_own_file() -> torch.nn.Module:
    model = torch.nn.Linear(8, 2)
    torch.nn.init.constant_(model.weight, float(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")))
    return model


class Joined(torch.nn.Module):
    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return torch.cat([a, b], 1)
