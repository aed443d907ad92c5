"""The same with its first position alone."""

from __future__ import annotations

import torch
from keeping import Cached  # type: ignore[import-not-found]

__all__ = ["Cached"]


def example_inputs() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([3]), torch.tensor([0])
