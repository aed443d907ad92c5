"""A dataclass in."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

ALLOWED = ("right",)


@dataclass
class Batch:
    tokens: torch.Tensor
    weight: torch.Tensor


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(20, 6)

    def forward(self, batch: Batch) -> torch.Tensor:
        return (self.table(batch.tokens) * batch.weight[..., None]).sum(1)


def _batch(count: int, length: int) -> Batch:
    return Batch(torch.randint(0, 20, (count, length)), torch.rand(count, length))


def example_inputs() -> list[tuple[Batch]]:
    return [(_batch(2, 5),), (_batch(3, 7),)]


def other_inputs() -> list[dict[str, Batch]]:
    return [{"batch": _batch(4, 9)}]
