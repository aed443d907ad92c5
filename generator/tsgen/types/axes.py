"""The axes of the CI matrix, which each tsgen.toml may have; what comes of them only the matrix needs."""

from __future__ import annotations

from dataclasses import dataclass, field

AXES = ("platform", "runtime", "torch_version", "accelerator", "build_type", "compiler")
"""The fields of a leg, in the order in which its name has them; what an axis has by default depends on those before."""


@dataclass(frozen=True, kw_only=True)
class Axes:
    """[matrix] of tsgen.toml; an axis without values has the project's own."""

    platform: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    torch_version: tuple[str, ...] = ()
    accelerator: tuple[str, ...] = ()
    build_type: tuple[str, ...] = ()
    compiler: tuple[str, ...] = ()
    exclude: tuple[dict[str, str], ...] = ()
    """Combinations of which these values are part are left out."""
    include: tuple[dict[str, str], ...] = ()
    """Added to the combinations whose axes they leave as they are, else a combination of their own."""
    runners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Labels of the CI runner by `platform`, `platform:cuda` or `platform:rocm`."""
