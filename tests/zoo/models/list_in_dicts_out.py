"""A list of images of different sizes in, a list of dicts out: a detector in small (causes 2 and 4)."""

from __future__ import annotations

from typing import Dict, List  # noqa: UP035 - what torch.jit.script reads in every version

import torch
from torch import nn

ALLOWED = ("right",)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3)

    def forward(self, images: List[torch.Tensor]) -> List[Dict[str, torch.Tensor]]:  # noqa: UP006
        found: List[Dict[str, torch.Tensor]] = []  # noqa: UP006
        for image in images:
            scores = self.conv(image[None])[0].flatten(1).max(1)[0]
            found.append({"scores": scores, "labels": scores.topk(2)[1]})
        return found


def example_inputs() -> list[tuple[list[torch.Tensor]]]:
    return [([torch.rand(3, 10, 12), torch.rand(3, 9, 8)],), ([torch.rand(3, 7, 7)],)]


def other_inputs() -> list[dict[str, list[torch.Tensor]]]:
    return [{"images": [torch.rand(3, 8 + index, 15) for index in range(count)]} for count in (1, 3, 5)]
