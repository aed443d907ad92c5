"""An output that is None for some inputs."""

from __future__ import annotations

from typing import Optional, Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, Optional[torch.Tensor]]:  # noqa: UP006
        if x.sum() > 0:
            return x, x.exp()
        return x, None


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.rand(5, 4)}, {"x": -torch.rand(5, 4)}]
