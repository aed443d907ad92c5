"""How a leg is built on a machine that is not its own: what CMake is told, and what is checked afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tsgen.errors import BuildError
from tsgen.runtimes import RUNTIMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.toolchain import Toolchain
    from tsgen.types import LibTorch
    from tsgen.types.matrix import Leg, Refusal, State, StrategyName

PUT_BACK = "third_party/tsgen must be as tsgen wrote it: `tsgen update` puts it back"
"""The hint where CMake did not get the build that the vendored library describes."""


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
    """What a strategy needs."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Cache variables for CMake."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """For CMake and what it starts."""
    emulator: tuple[str, ...] = ()
    """What the program is run by; empty when it is run directly, or not at all."""


class Strategy(Protocol):
    """A module in `ways`. A new one is a module in `STRATEGIES`, not an `if` elsewhere."""

    NAME: StrategyName
    STATE: State
    """That it ends in when all goes well."""
    LIMIT: str
    """Why it is no more than that: one sentence, empty for `proven`."""

    def lacks(self, leg: Leg) -> Refusal | None:
        """What this machine lacks for `leg`, with the command that installs it; None when nothing."""

    def identity(self, leg: Leg) -> str:
        """The tools that it takes, with their versions: others may give another result. Nothing is lacking."""

    def set_up(self, site: Site) -> Setup:
        """Write what CMake needs into `site.folder`. Raises BuildError for a LibTorch that it cannot work with."""

    def check(self, site: Site, program: Path) -> tuple[str, ...]:
        """What was found right, a sentence each. Raises BuildError for what is not.

        `program`, the runner, is there unless the strategy only configures.
        """


def libraries(site: Site) -> tuple[Path, ...]:
    """What the build made of the model, besides its programs."""
    made = RUNTIMES[site.leg.runtime].library(site.build, site.leg.platform)
    return (made,) if made else ()


def require_platform(site: Site) -> None:
    """Raises BuildError for a LibTorch of another platform than the leg's: the linker's own words would be a riddle."""
    if site.libtorch.platform != site.leg.platform:
        raise BuildError(
            f"{site.libtorch.root} is a LibTorch for {site.libtorch.platform}, and {site.leg.platform} was to be built",
            hint=f"`tsgen libtorch fetch --platform {site.leg.platform}`",
        )
