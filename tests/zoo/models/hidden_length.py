"""An example of length 1 hides what a longer one shows."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "x=NxL@1x3")


class Model(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs = []
        state = torch.zeros(x.shape[0], 3)
        for step in range(x.shape[1]):
            state = torch.tanh(state + x[:, step])
            outputs.append(state)
        return torch.stack(outputs, 1)
