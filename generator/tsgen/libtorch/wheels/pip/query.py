"""What pip is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Query:
    """Exactly these requirements, for any machine."""

    requirements: tuple[str, ...]
    platforms: tuple[str, ...]
    """Platform tags that will do: `manylinux_2_28_x86_64`."""
    python: str
    """`3.12`."""
    index: str | None = None
    """Instead of the one that pip is configured for."""

    @property
    def text(self) -> str:
        return " ".join(self.requirements)
