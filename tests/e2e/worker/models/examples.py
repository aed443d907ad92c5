"""Of the user's own examples, the second takes another way; torch.jit.script cannot help."""

from __future__ import annotations

from typing import Any

import torch


class OnlyTheSecondExampleShows(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        options: dict[str, Any] = {"min": 0.0}
        if x.sum() > 1e6:
            return x * 3
        return torch.clamp(x, **options) + x


def example_inputs() -> list[tuple[torch.Tensor]]:
    return [(torch.ones(2, 8),), (torch.full((3, 8), 1e6),)]
