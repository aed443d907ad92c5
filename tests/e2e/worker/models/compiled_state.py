"""For AOTInductor: models that keep something from call to call, and ways in which it is kept."""

from __future__ import annotations

from typing import Any, Optional

import torch
from torch import nn


class Streaming(nn.Module):
    """An LSTM's cell with what it remembers, a buffer of one element, and a ring that is filled by position."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(4, 8)
        self.head = nn.Linear(8, 2)
        self.hidden: Optional[tuple[torch.Tensor, torch.Tensor]] = None
        self.register_buffer("calls", torch.zeros(1))
        self.register_buffer("ring", torch.full((5, 2), -1.0))
        self.register_buffer("at", torch.zeros(1, dtype=torch.int64))

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        hidden = self.hidden
        if hidden is None:
            hidden = (torch.zeros(1, 8), torch.zeros(1, 8))
        hidden = self.cell(x, hidden)
        self.hidden = hidden
        self.calls += 1
        y = self.head(hidden[0])
        self.ring[self.at] = y
        self.at.copy_((self.at + 1) % 5)
        return {"y": y, "mean": self.ring.mean(0), "calls": self.calls * 1, "hidden": hidden[0]}

    @torch.jit.export
    def reset(self) -> None:
        self.hidden = None


class Cached(nn.Module):
    """Keys are kept by position."""

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(50, 4)
        self.register_buffer("keys", torch.zeros(16, 4))

    def forward(self, ids: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        self.keys[at] = self.emb(ids)
        seen = torch.arange(16)[None, :] <= at[:, None]
        return seen.to(self.keys.dtype) @ self.keys


class NoZeros(nn.Module):
    """A peak that begins as None is not one that begins as zero."""

    def __init__(self) -> None:
        super().__init__()
        self.peak: Optional[torch.Tensor] = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        peak = self.peak
        self.peak = x.max() if peak is None else torch.maximum(peak, x.max())
        return x / self.peak


class Growing(nn.Module):
    seen: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(0, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen = torch.cat([self.seen, x])
        return self.seen.mean(0)


class Numbered(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return x * self.calls


class Remark(nn.Module):
    """Assigned, of any size, and never read."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.last: Any = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.last = self.linear(x)
        return self.last * 2


class Twice(nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = x + 1
        return y, y


class PlainScratch(nn.Module):
    """Written in place, and no buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = torch.zeros(1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.scratch.copy_(x.sum())
        return x * self.scratch
