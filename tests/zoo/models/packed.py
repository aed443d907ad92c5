"""A packed sequence inside."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.GRU(5, 7, batch_first=True)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, _ = self.rnn(packed)
        return nn.utils.rnn.pad_packed_sequence(y, batch_first=True)[0]


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [
        {"x": torch.randn(2, 6, 5), "lengths": torch.tensor([6, 4])},
        {"x": torch.randn(3, 8, 5), "lengths": torch.tensor([3, 8, 5])},
    ]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [{"x": torch.randn(4, 5, 5), "lengths": torch.tensor([1, 5, 2, 3])}]
