"""What Python takes for an input that is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn


class Range(NamedTuple):
    low: float
    high: float = float("inf")


@dataclass
class How:
    span: Range
    scale: float = 2
    """As the field is a float, so is its default."""
    shift: int | None = None


class Defaulted(nn.Module):
    def forward(
        self,
        x: torch.Tensor,
        how: How,
        weights: tuple[float, float] = (0.5, 0.25),
        k: int = 3,
        *,
        part: float = 1.0,
        whole: int = 0.5,  # type: ignore[assignment] # not what is given below
        plain: float,
    ) -> torch.Tensor:
        y = (x * how.scale).clamp(how.span.low, how.span.high) + k * part + whole + plain
        return y * weights[0] + weights[1]


def example_inputs() -> list[dict[str, object]]:
    rest = {"how": How(Range(-1.0, 4.0), 0.5), "part": 0.75, "whole": 5, "plain": 4.0}
    first = {"x": torch.randn(2, 3), "weights": (2.0, 3.0), "k": 2, **rest}
    return [first, {"x": torch.randn(3, 3), **rest}]
