"""A cache of past keys and values, nested tuples in and out, longer with each call (cause 2)."""

from __future__ import annotations

from typing import Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn

ALLOWED = ("right",)

Layer = Tuple[torch.Tensor, torch.Tensor]  # noqa: UP006


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.key, self.value, self.query = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x: torch.Tensor, past: Tuple[Layer, Layer]) -> Tuple[torch.Tensor, Tuple[Layer, Layer]]:  # noqa: UP006
        (key1, value1), (key2, value2) = past
        key1, value1 = torch.cat([key1, self.key(x)], 1), torch.cat([value1, self.value(x)], 1)
        y = (self.query(x) @ key1.transpose(1, 2)).softmax(-1) @ value1
        key2, value2 = torch.cat([key2, self.key(y)], 1), torch.cat([value2, self.value(y)], 1)
        z = (self.query(y) @ key2.transpose(1, 2)).softmax(-1) @ value2
        return z, ((key1, value1), (key2, value2))


def _inputs(count: int, length: int, known: int) -> dict[str, object]:
    def layer() -> Layer:
        return torch.randn(count, known, 8), torch.randn(count, known, 8)

    return {"x": torch.randn(count, length, 8), "past": (layer(), layer())}


def example_inputs() -> list[dict[str, object]]:
    return [_inputs(2, 3, 4), _inputs(3, 2, 6)]


def other_inputs() -> list[dict[str, object]]:
    return [_inputs(1, 1, 9), _inputs(4, 5, 1)]
