"""What a CI system is to tsgen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.types.matrix import Leg


@dataclass(frozen=True, kw_only=True)
class Job:
    """A leg and the runner that it gets."""

    leg: Leg
    runner: tuple[str, ...]
    """Labels that the runner must have all; empty for the system's usual one."""


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """What a system is told."""

    text: str
    left_out: tuple[str, ...] = ()
    """A sentence for each leg that has no runner."""


class System(Protocol):
    """A module of `systems`. A new one is a module in `SYSTEMS`, not an `if` elsewhere."""

    NAME: str
    """What people call it."""
    LIMIT: int
    """How many legs it takes."""
    RUNNERS: Mapping[str, tuple[str, ...]]
    """The labels of the runner for a platform, by the words of [matrix.runners]."""

    def text(self, jobs: Sequence[Job]) -> str:
        """What the system reads; ends without a line break when it is one line."""
