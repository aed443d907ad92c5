"""What every source returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from ..protocol import InputRequest


@dataclass(frozen=True)
class Example:
    """The input a model is known to take. `values` are tensors of the user's own, in the order of `inputs`."""

    inputs: tuple[InputRequest, ...]
    values: tuple[Any, ...] | None = None
    other_sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Sizes of dynamic dimensions, besides the first, that the user's own examples have."""
    more_values: tuple[tuple[Any, ...], ...] = ()
    """Of the further examples, in the same order."""


@dataclass(frozen=True)
class Loaded:
    """A model with its weights, not yet in eval mode."""

    model: Any
    example: Callable[[], Example | None] | None = None
    """Asked only when the user gave no input: it may run code of the user's."""
    no_example: str = ""
    """Why no example input is known, in a sentence; empty for the ordinary reason."""
    fresh: bool = False
    """The weights are torchvision's random ones, ours to liven; a user's are never touched."""
    files: tuple[str, ...] = ()
    """Files beyond the imported sources that the export depends on."""
    scripted_file: bool = False
