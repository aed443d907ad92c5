"""The size of the input is used as a Python number, which a trace may freeze (cause 4)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=NxLx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        count = int(x.shape[1])
        weights = torch.tensor([1.0 / (index + 1) for index in range(count)])
        return (x * weights[None, :, None]).sum(1) / float(count)
