"""What an export method returns."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..failures import source_line
from ..origin import is_users
from ..statements import numbers_compared

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
    file: str = ""
    line: int = 0
    numbers: tuple[int, ...] = field(default=(), compare=False)
    """The whole numbers that the line compares something with, maybe a size."""
    by_torch: bool = field(default=False, compare=False)
    """torch says so itself."""


@dataclass(frozen=True)
class Exported:
    module: Any
    frozen: tuple[Frozen, ...] = ()
    flat: bool = False
    """forward takes the leaves in `takes` as tensors, by position, and returns a tuple of tensors."""
    takes: tuple[str, ...] = ()
    fixed: dict[str, Any] = field(default_factory=dict)
    """Numbers and strings of the example that became constants of the export, by path."""
    traced: bool = False
    """Recorded from one run, in whole or for the most part."""


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


@contextlib.contextmanager
def recorded_trace() -> Iterator[list[Any]]:
    """As `recorded`; each TracerWarning also has the `numbers` that its line compares with, read while that runs."""
    with recorded() as caught:

        def keep(message: Any, category: Any, filename: str, lineno: int, *rest: Any, **named: Any) -> None:
            entry: Any = warnings.WarningMessage(message, category, filename, lineno, *rest, **named)
            entry.numbers = numbers_compared(filename, lineno) if category.__name__ == "TracerWarning" else ()
            caught.append(entry)

        warnings.showwarning = keep
        yield caught


def frozen_places(caught: list[Any]) -> tuple[Frozen, ...]:
    """The user's own places first: a library's warnings are mostly harmless."""
    traced = [entry for entry in caught if entry.category.__name__ == "TracerWarning"]
    traced.sort(key=lambda entry: not is_users(entry.filename))
    return tuple(dict.fromkeys(_frozen(entry) for entry in traced))


def _frozen(entry: Any) -> Frozen:
    what = _what(str(entry.message))
    doubtful = is_users(entry.filename) and what != _CONSTANT
    place = source_line(entry.filename, entry.lineno)
    numbers = getattr(entry, "numbers", ())
    return Frozen(what, place, doubtful, entry.filename, entry.lineno, numbers, by_torch=True)


def _what(message: str) -> str:
    return next((word for sign, word in _WORDS.items() if sign in message), "a value")
