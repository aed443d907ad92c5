"""A cache that is filled by position, with the calls that fill it."""

from __future__ import annotations

import torch
from keeping import Cached, CachedByNumber  # type: ignore[import-not-found]

__all__ = ["Cached", "CachedByNumber"]


def example_inputs() -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [
        (torch.tensor([3, 4, 5]), torch.tensor([0, 1, 2])),
        (torch.tensor([7]), torch.tensor([3])),
        (torch.tensor([9]), torch.tensor([4])),
    ]
