"""nn.TransformerEncoder with a padding mask."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)

    def forward(self, x: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.encoder(x, src_key_padding_mask=padding)
        return y


def _inputs(count: int, length: int) -> dict[str, torch.Tensor]:
    lengths = torch.randint(1, length + 1, (count,))
    lengths[0] = length
    return {"x": torch.randn(count, length, 16), "padding": torch.arange(length)[None] >= lengths[:, None]}


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(2, 6), _inputs(3, 9)]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(4, 5), _inputs(1, 8)]
