"""NumPy in the middle of forward: a trace takes its answer for a constant (cause 4)."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

ALLOWED = ("refused: NumPy",)
WORDS = ("--input", "x=Nx4")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ranks = np.argsort(x.sum(1).numpy())
        return x[torch.from_numpy(ranks)]
