"""A dict in, with a nested one, and a dict out."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, batch: dict[str, Any]) -> dict[str, Any]:
        y = self.layer(batch["x"]) + batch["more"]["bias"]
        return {"y": y, "parts": {"left": y[:, :2], "right": y[:, 2:]}, "list": [y.sum(), y.mean()]}


def _batch(count: int) -> dict[str, Any]:
    return {"x": torch.randn(count, 4), "more": {"bias": torch.randn(4)}}


def example_inputs() -> list[dict[str, Any]]:
    return [{"batch": _batch(2)}, {"batch": _batch(3)}]


def other_inputs() -> list[dict[str, Any]]:
    return [{"batch": _batch(6)}]
