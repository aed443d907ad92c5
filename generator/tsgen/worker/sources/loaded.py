"""What every source returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from ..messages import InputRequest


@dataclass(frozen=True)
class Example:
    """What the model is known to take: shapes to draw inputs for, or calls of the user's own."""

    inputs: tuple[InputRequest, ...] = ()
    calls: tuple[dict[str, Any], ...] = ()
    """By forward's parameter names, the example first; then `inputs` is empty."""
    other_sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Sizes that a dynamic dimension may have besides the example's; tried first."""
    unasked: frozenset[str] = frozenset()
    """Dynamic dimensions of `inputs` that become fixed when no export carries them."""


@dataclass(frozen=True)
class Loaded:
    """A model with its weights, not yet in eval mode."""

    model: Any
    example: Callable[[], Example | None] | None = None
    """Asked only when the user gave no input: it may run code of the user's."""
    method_example: Callable[[str, Any], Example | None] | None = None
    """For an exported method by its name; the second argument is a module that has it as its forward."""
    fresh: bool = False
    """The weights are a library's random ones, ours to draw anew; a user's are never touched unless he asks for it."""
    files: tuple[str, ...] = ()
    """Files beyond the imported sources that the export depends on."""
    notes: tuple[str, ...] = ()
    """What the user should know of how the model was made."""
