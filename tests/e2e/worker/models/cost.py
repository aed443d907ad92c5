"""Models that depend on a value or a size, most of them behind the tracer's back."""

from __future__ import annotations

import warnings

import torch
from torch import nn


class Sized(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + x.size(0)


class SilencedSize(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.jit.is_scripting():
            warnings.simplefilter("ignore")
        if x.shape[0] > 4:
            return x + 1
        return x


class Unbound(nn.Module):
    """The number of rows is nowhere but in the length of a tuple."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + len(x.unbind(0)) // 5


@torch.jit.script
def _bounded(x: torch.Tensor) -> torch.Tensor:
    if bool(x.abs().max() > 50):
        x = x / 50
    return x


class ScriptedPart(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        bounded: torch.Tensor = _bounded(x)
        return bounded


@torch.jit.script
def _doubled(x: torch.Tensor) -> torch.Tensor:
    for _ in range(3):
        x = x + x
    return x


class Unrolled(nn.Module):
    """The executor takes the loop apart once it has seen a call."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        doubled: torch.Tensor = _doubled(x)
        return doubled


class Hits(nn.Module):
    """As many as there are values of some kind."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[x > 0]


class FastPath(nn.Module):
    """As torch's own modules, which take another way when Python is watched, but far less exact than theirs."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * (1.001 if torch._C._len_torch_function_stack() else 1.0)
