"""A table of positions, cut to the length of the input: a trace may freeze the length (causes 4 and 6)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)
WORDS = ("--input", "ids=NxL@7:int64")


class Model(nn.Module):
    positions: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.table, self.attention = nn.Embedding(10, 8), nn.MultiheadAttention(8, 2, batch_first=True)
        self.register_buffer("positions", torch.randn(64, 8))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        length = ids.size(1)
        y = self.table(ids) + self.positions[:length]
        mask = torch.ones(length, length, dtype=torch.bool).triu(1)
        return self.attention(y, y, y, attn_mask=mask)[0]
