"""A size that a model holds, such as the one its grid was last made for: Python's is a tuple, TorchScript's a list."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model


@contextlib.contextmanager
def as_lists(model: Model) -> Iterator[bool]:
    """While the block runs, every torch.Size among the parts' attributes is a list; whether there is one."""
    parts = model.modules() if isinstance(model, torch.nn.Module) else ()
    held = [(vars(part), name) for part in parts for name, value in vars(part).items() if isinstance(value, torch.Size)]
    before = [attributes[name] for attributes, name in held]
    for attributes, name in held:
        attributes[name] = list(attributes[name])
    try:
        yield bool(held)
    finally:
        for (attributes, name), value in zip(held, before):
            attributes[name] = value
