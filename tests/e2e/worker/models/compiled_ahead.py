"""For AOTInductor: what it takes, and what is refused by name."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Mixed(nn.Module):
    """Nested, with a number, an answer that is an input, one that is stored by columns, and integers."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(6, 32)
        self.norm = nn.LayerNorm(32)
        self.second = nn.Linear(32, 3)

    def forward(self, batch: dict[str, torch.Tensor], ids: torch.Tensor, times: int = 3) -> dict[str, Any]:
        hidden = torch.relu(self.norm(self.first(batch["x"])))
        scores = torch.softmax(self.second(hidden) * times, -1)
        batch["x"].mul_(2)
        rest = (ids % 3, ids // -2, ids >> 1)
        return {"scores": scores, "same": batch["x"], "columns": scores.t(), "rest": rest}


def example_inputs() -> list[dict[str, Any]]:
    generator = torch.Generator().manual_seed(0)
    return [
        {
            "batch": {"x": torch.randn(n, 6, generator=generator)},
            "ids": torch.randint(-9, 9, (n, 2), generator=generator),
            "times": 3,
        }
        for n in (4, 2, 1)
    ]


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 8, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(x)


class Table(nn.Module):
    """Takes at most 64 rows, by the size of its table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(64, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.table[: x.shape[1]]


class Images(nn.Module):
    """Takes images of any size, if only there is something left of them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 2, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)


class Counting(nn.Module):
    """A buffer of one element: Inductor folds it without a word."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return x + self.calls


class Scratch(nn.Module):
    """Writes a buffer that no answer shows."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scratch", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.scratch.copy_(x[0])
        return x * 2


class Listing(nn.Module):
    def forward(self, images: list[torch.Tensor]) -> list[torch.Tensor]:
        return [image.mean() for image in images]


class Branching(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.sum() > 0 else x - 1


class Unique(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.unique(x)


class Waves(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.fft.fft(x)


class Numbered(nn.Module):
    def forward(self, x: torch.Tensor, k: int = 2) -> torch.Tensor:
        return x * k


scripted = torch.jit.script(Numbered())
