"""What an export method returns."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..failures import source_line
from ..origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Frozen:
    """A place where tracing took a value for a constant, by torch's own TracerWarning."""

    what: str
    place: str
    """`model.py:12: if x.sum() > 0:`."""
    doubtful: bool = False
    """In the user's own code, and not just a constant: another input may well take another way."""


@dataclass(frozen=True)
class Exported:
    module: Any
    frozen: tuple[Frozen, ...] = ()
    flat: bool = False
    """forward takes the leaves in `takes` as tensors, by position, and returns a tuple of tensors."""
    takes: tuple[str, ...] = ()
    fixed: dict[str, Any] = field(default_factory=dict)
    """Numbers and strings of the example that became constants of the export, by path."""


class NotExportableError(Exception):
    """A method cannot export this model; the message is one line."""


_CONSTANT = "a tensor made in Python"
_WORDS = {
    "Python boolean": "a branch",
    "Iterating over a tensor": "a loop",
    "Python index": "an index",
    "Python integer": "a number",
    "Python float": "a number",
    "Python number": "a number",
    "NumPy array": "a NumPy array",
    "Python list": "a list",
    "torch.tensor results are registered as constants": _CONSTANT,
    "len": "a length",
}


@contextlib.contextmanager
def recorded() -> Iterator[list[Any]]:
    """Every warning in the block is kept, none is shown."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def frozen_places(caught: list[Any]) -> tuple[Frozen, ...]:
    """The user's own places first: a library's warnings are mostly harmless."""
    traced = [entry for entry in caught if entry.category.__name__ == "TracerWarning"]
    traced.sort(key=lambda entry: not is_users(entry.filename))
    return tuple(dict.fromkeys(_frozen(entry) for entry in traced))


def _frozen(entry: Any) -> Frozen:
    what = _what(str(entry.message))
    doubtful = is_users(entry.filename) and what != _CONSTANT
    return Frozen(what, source_line(entry.filename, entry.lineno), doubtful)


def _what(message: str) -> str:
    return next((word for sign, word in _WORDS.items() if sign in message), "a value")
