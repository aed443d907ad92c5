"""Every random number generator a factory may draw from."""

from __future__ import annotations

import random
import sys

import torch

NUMPY_SEEDS = 2**32


def random_states() -> tuple[object, ...]:
    """The states of all generators of random numbers: two that are equal mean that nothing was drawn in between."""
    numpy = sys.modules.get("numpy")
    theirs = numpy.random.get_state(legacy=False)["state"] if numpy is not None else {}
    key = bytes(theirs["key"]) if "key" in theirs else b""
    return torch.get_rng_state().tolist(), random.getstate(), key, theirs.get("pos")


def seed_everything(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")  # only a model that imported it can draw from it
    if numpy is not None:
        numpy.random.seed(seed % NUMPY_SEEDS)
