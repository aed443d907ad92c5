"""An operator that is not in LibTorch: torchvision's nms (cause 5)."""

from __future__ import annotations

import torch
import torchvision
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def forward(self, boxes: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        kept: torch.Tensor = torchvision.ops.nms(boxes, scores, 0.5)
        return kept


def _inputs(count: int) -> dict[str, torch.Tensor]:
    corner = torch.rand(count, 2) * 50
    return {"boxes": torch.cat([corner, corner + 1 + torch.rand(count, 2) * 40], 1), "scores": torch.rand(count)}


def example_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(10), _inputs(15)]


def other_inputs() -> list[dict[str, torch.Tensor]]:
    return [_inputs(40), _inputs(1)]
