"""A whole number without an annotation: script takes it for a tensor and saves without complaint (cause 8)."""

from __future__ import annotations

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, x, k):  # noqa: ANN001, ANN201
        return x[:, :k] * k


def example_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(2, 9), "k": 3}, {"x": torch.randn(4, 9), "k": 5}]


def other_inputs() -> list[dict[str, object]]:
    return [{"x": torch.randn(3, 9), "k": 1}, {"x": torch.randn(3, 9), "k": 8}]
