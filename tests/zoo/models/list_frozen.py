"""The length of a list decides what is computed; a trace would freeze it (cause 4)."""

from __future__ import annotations

from typing import List  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, parts: List[torch.Tensor], scale: torch.Tensor) -> torch.Tensor:  # noqa: UP006
        total = torch.zeros_like(scale)
        for index, part in enumerate(parts):
            total = total + part.mean() * (index + 1)
        return total * scale / len(parts)


def _inputs(count: int) -> dict[str, object]:
    return {"parts": [torch.randn(4) for _ in range(count)], "scale": torch.randn(3)}


def example_inputs() -> list[dict[str, object]]:
    return [_inputs(2), _inputs(4)]


def other_inputs() -> list[dict[str, object]]:
    return [_inputs(1), _inputs(3), _inputs(7)]
