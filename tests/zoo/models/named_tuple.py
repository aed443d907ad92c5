"""A NamedTuple in, a NamedTuple out."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

ALLOWED = ("right",)


class Boxes(NamedTuple):
    corners: torch.Tensor
    scores: torch.Tensor


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, boxes: Boxes) -> Boxes:
        return Boxes(self.layer(boxes.corners), boxes.scores.sigmoid())


def _boxes(count: int) -> Boxes:
    return Boxes(torch.randn(count, 4), torch.randn(count))


def example_inputs() -> list[tuple[Boxes]]:
    return [(_boxes(3),), (_boxes(5),)]


def other_inputs() -> list[dict[str, Boxes]]:
    return [{"boxes": _boxes(7)}, {"boxes": _boxes(1)}]
