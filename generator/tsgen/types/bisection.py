"""What `tsgen test --bisect` found: where eager Python, the exported file in Python and the program part."""

from __future__ import annotations

from dataclasses import dataclass

from tsgen.types.literals import Demand  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.model import Artifact  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.outcome import Project  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.worker.messages.bisection import Comparison, Spot  # noqa: TC001 - as above


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A model whose last case answers with what each operator gave in the call before it."""

    artifact: Artifact
    operators: tuple[Spot, ...]
    """By the numbers in that answer."""
    dtypes: tuple[str, ...]
    """By the numbers in that answer."""
    python: Comparison
    """Of eager Python with the exported file."""
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bisection:
    """The one JSON document of `tsgen test --bisect --json`."""

    project: Project
    case: str
    method: str
    """The exported method that the case calls; empty for forward."""
    demand: Demand
    """Of the program: to the last bit, or within the tolerance of tsgen.toml."""
    differs: bool
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
