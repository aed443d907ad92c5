"""What `tsgen test --bisect` found: where eager Python, the exported file in Python and the program part."""

from __future__ import annotations

from dataclasses import dataclass

from tsgen.types.model import Artifact  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.outcome import Project  # noqa: TC001 - the JSON schema is generated from these annotations
from tsgen.types.words import Demand  # noqa: TC001 - the JSON schema is generated from these annotations

EAGER, EXPORTED, PROGRAM = "eager Python", "the exported file in Python", "the program"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """An operator of the model."""

    operator: str
    source: str
    """`net.py:12: return self.fc(x)`; empty when it is not known."""
    module: str = ""
    """The path of the submodule, where the file says it."""

    def __str__(self) -> str:
        module = f" of {self.module}" if self.module else ""
        return f"{self.operator}{module} at {self.source}" if self.source else f"{self.operator}{module}"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """How what an operator gives differs."""

    max_abs: float | None
    """None when nothing could be compared: shapes or dtypes differ, or no value is finite in both."""
    mismatches: int
    index: tuple[int, ...] | None = None
    """Of the first value that differs, row-major."""
    expected: str | None = None
    actual: str | None = None
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return self.problem
        index = ",".join(map(str, self.index or ()))
        largest = "not finite" if self.max_abs is None else f"{self.max_abs:.3g}"
        values = f"{self.actual} instead of {self.expected}"
        return f"max_abs {largest}; values that differ: {self.mismatches}, the first at [{index}]: {values}"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two of the three, operator by operator in the order in which they ran."""

    expected: str
    """`eager Python` or `the exported file in Python`."""
    actual: str
    """`the exported file in Python` or `the program`."""
    operators: int = 0
    """How many were compared and agree, up to the first that differs."""
    before: Spot | None = None
    """The last of those."""
    differs: Spot | None = None
    gap: Gap | None = None
    lost: str = ""
    """From where on the operators could not be put side by side, and why; empty when all could."""
    answers: str = ""
    """How the answers to the whole call differ; empty when they agree."""

    @property
    def agree(self) -> bool:
        return not self.differs and not self.answers


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
