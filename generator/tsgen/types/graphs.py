"""The graph of a method, to be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """What only names a constant or an attribute is no step: it stands among the arguments."""

    operator: str
    label: str
    arguments: tuple[tuple[str, str], ...]
    """Name (may be empty) and value: `%x` is what another step gives, anything else is meant as it stands."""
    outputs: tuple[tuple[str, str], ...]
    """Name and type."""
    source: str
    """`model.py:12`, where the file says it."""
    call: tuple[str, str] | None
    """Submodule and method."""
    blocks: tuple[Block, ...]
    """Of a branch or a loop."""


@dataclass(frozen=True, kw_only=True)
class Block:
    inputs: tuple[tuple[str, str], ...]
    """Name and type."""
    steps: tuple[Step, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MethodGraph:
    module: str
    """A path; the model itself has the empty one."""
    class_name: str
    method: str
    body: Block
