"""Pickles in files that are given: while one is read, or looked at, nothing of it runs."""

from __future__ import annotations

import contextlib
import functools
import pickle
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSED: list[list[str]] = []
"""For each `only_tensors` that is entered, what it refused."""


@contextlib.contextmanager
def only_tensors() -> Iterator[list[str]]:
    """Whatever library unpickles meanwhile finds the parts of tensors alone; the list has what else it asked for.

    Python asks an audit hook for each name that a pickle gives, before anything of it is imported or called. torch's
    own reader of tensors (weights_only) asks its own list instead, which is the same one.
    """
    _install()
    refused: list[str] = []
    _REFUSED.append(refused)
    try:
        yield refused
    finally:
        _REFUSED.pop()


@functools.cache
def _install() -> None:
    """Once: a hook cannot be taken out."""
    sys.addaudithook(_heed)


def _heed(event: str, names: tuple[Any, ...]) -> None:
    if event != "pickle.find_class" or not _REFUSED:
        return
    name = ".".join(map(str, names))
    if name not in _known():
        _REFUSED[-1].append(name)
        raise pickle.UnpicklingError(f"it names {name}, which is no part of a tensor")


@functools.cache
def _known() -> frozenset[str]:
    from torch import _weights_only_unpickler  # noqa: PLC0415 - only who unpickles pays for it

    return frozenset(_weights_only_unpickler._get_allowed_globals())  # noqa: SLF001
