"""Every random number generator a factory may draw from."""

from __future__ import annotations

import random
import sys

import torch

NUMPY_SEEDS = 2**32


def seed_everything(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")  # only a model that imported it can draw from it
    if numpy is not None:
        numpy.random.seed(seed % NUMPY_SEEDS)
