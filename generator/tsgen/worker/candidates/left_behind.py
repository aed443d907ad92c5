"""What a traced call leaves in the model, such as a table that it made for its input, is of the trace alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..aliases import Model

_TABLES = ("_buffers", "_parameters")
"""Where torch.nn.Module (torch/nn/modules/module.py, __setattr__) keeps tensors, not among its own attributes."""


@contextlib.contextmanager
def taken_out(model: Model) -> Iterator[None]:
    """Give every attribute of the model's parts back after the block; what is in one may have changed."""
    parts = [part for part in model.modules() if not isinstance(part, torch.jit.ScriptModule)]
    tables = [vars(part) for part in parts] + [vars(part)[name] for part in parts for name in _TABLES]
    before = [dict(table) for table in tables]
    try:
        yield
    finally:
        for table, attributes in zip(tables, before):
            _restore(table, attributes)


def _restore(table: dict[str, Any], attributes: dict[str, Any]) -> None:
    changed = [name for name, value in attributes.items() if table.get(name) is not value]
    table.update({name: attributes[name] for name in changed})
    for name in set(table) - set(attributes):
        del table[name]
