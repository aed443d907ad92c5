"""What a trace takes for a constant, as torch warns of it while tracing."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .failures import source_line
from .origin import is_users
from .statements import numbers_compared
from .torch_messages import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reasons import FrozenKind


@dataclass(frozen=True)
class Frozen:
    """A place where tracing took a value for a constant, by torch's own TracerWarning."""

    kind: FrozenKind
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

    def told(self) -> str:
        """`a branch (model.py:12: if x.sum() > 0:)`."""
        return f"{_WORDS[self.kind]} ({self.place})"


_WORDS: dict[FrozenKind, str] = {
    "branch": "a branch",
    "loop": "a loop",
    "index": "an index",
    "number": "a number",
    "value": "a value",
    "list": "a list",
    "length": "a length",
    "array": "a NumPy array",
    "constant": "a tensor made in Python",
    "try": "the outcome of a try",
}


@contextlib.contextmanager
def recorded() -> Iterator[list[Any]]:
    """Every warning in the block is kept, none is shown."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


@contextlib.contextmanager
def recorded_trace() -> Iterator[list[Any]]:
    """Record the warnings of a trace, as `recorded` does.

    Each TracerWarning also has the `numbers` that its line compares with, read while that runs.
    """
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
    kind = frozen(str(entry.message))
    doubtful = is_users(entry.filename) and kind != "constant"
    place = source_line(entry.filename, entry.lineno)
    numbers = getattr(entry, "numbers", ())
    return Frozen(kind, place, doubtful, entry.filename, entry.lineno, numbers, by_torch=True)
