"""A model that writes to stdout, ends the process' hopes of JSON, and warns."""

from __future__ import annotations

import warnings

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        print("{ not JSON")  # noqa: T201

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        warnings.warn("attention", stacklevel=1)
        return x.exp()
