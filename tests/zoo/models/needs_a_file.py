"""A model that reads a file which is not there."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

ALLOWED = ("refused: vocabulary.txt",)
WORDS = ("--input", "x=Nx6")


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8").split()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * len(self.words)
