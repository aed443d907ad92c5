"""A function with a derivative of its own."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:  # noqa: ARG004
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:  # noqa: ARG004
        return gradients[0]


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = Step.apply(x)
        return y + x.tanh()
