"""An LSTM with its state in and out."""

from __future__ import annotations

from typing import Tuple  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn

ALLOWED = ("right",)

State = Tuple[torch.Tensor, torch.Tensor]  # noqa: UP006


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(5, 7, 2)

    def forward(self, x: torch.Tensor, state: State) -> Tuple[torch.Tensor, State]:  # noqa: UP006
        y, state = self.rnn(x, state)
        return y, state


def _inputs(length: int, count: int) -> dict[str, object]:
    return {"x": torch.randn(length, count, 5), "state": (torch.randn(2, count, 7), torch.randn(2, count, 7))}


def example_inputs() -> list[dict[str, object]]:
    return [_inputs(4, 2), _inputs(6, 3)]


def other_inputs() -> list[dict[str, object]]:
    return [_inputs(1, 1), _inputs(9, 5)]
