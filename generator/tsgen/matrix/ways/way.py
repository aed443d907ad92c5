"""How a leg is built on a machine that is not its own: what CMake is told, and what is checked afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import LibTorch
    from tsgen.types.matrix import Leg, State, WayName


@dataclass(frozen=True, kw_only=True)
class Site:
    """One leg's place on this machine."""

    leg: Leg
    libtorch: LibTorch
    folder: Path
    """The leg's own folder, which exists; CMake builds in `folder / "build"`."""
    toolchain: Toolchain

    @property
    def build(self) -> Path:
        return self.folder / "build"


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a way needs."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Cache variables for CMake."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """For CMake and what it starts."""
    emulator: tuple[str, ...] = ()
    """What the program is run by; empty when it is run directly, or not at all."""
    identity: str = ""
    """Of the tools, with their versions: another one makes another result."""


class Way(Protocol):
    """A module in `ways`. A new one is a module in `WAYS`, not an `if` elsewhere."""

    NAME: WayName
    STATE: State
    """That it ends in when all goes well."""
    LIMIT: str
    """Why it is no more than that: one sentence, empty for `proven`."""

    def lacks(self, leg: Leg) -> str:
        """What this machine lacks for `leg`, with the command that installs it; empty when nothing."""

    def set_up(self, site: Site) -> Setup:
        """Write what CMake needs into `site.folder`. Raises BuildError for a LibTorch that it cannot work with."""

    def check(self, site: Site, program: Path) -> tuple[str, ...]:
        """What was found right, a sentence each. Raises BuildError for what is not. `program` exists if it was built."""
