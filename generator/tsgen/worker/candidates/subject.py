"""What is exported, and the call it is exported with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..calls.plan import Call


@dataclass(frozen=True)
class Subject:
    model: Any
    example: Call[str, Any]
    """By forward's parameter names."""
    constants: frozenset[str] = frozenset()
    """The places of outputs that never change."""
    steady: frozenset[str] = frozenset()
    """The paths of numbers that are the same in every call: nothing shows whether an export keeps them as inputs."""
    sequence: bool = False
    """The model keeps state from call to call."""
    in_place: bool = False
    """It does so in tensors that stay where they are: a trace records that."""
