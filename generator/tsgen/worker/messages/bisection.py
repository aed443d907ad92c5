"""Where eager Python and the exported file part: the request, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - as below
from typing import Optional

from . import Case, ExportRequest  # noqa: TC001 - what reads JSON needs the annotations

EAGER, EXPORTED, PROGRAM = "eager Python", "the exported file in Python", "the program"


@dataclass(frozen=True)
class BisectRequest:
    export: ExportRequest
    """Its `output` is the empty folder that the watched file goes to."""
    artifact: Path
    """model.pt; its cases lie beside it."""
    case: str
    exact: bool
    """Demanded of the export in Python; otherwise the tolerance."""
    method: str = ""
    """The exported method that the case calls; empty for forward."""


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Gap:
    """How what an operator gives differs."""

    max_abs: Optional[float]
    """None when nothing could be compared: shapes or dtypes differ, or no value is finite in both."""
    mismatches: int
    index: Optional[tuple[int, ...]] = None
    """Of the first value that differs, row-major."""
    expected: Optional[str] = None
    actual: Optional[str] = None
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return self.problem
        index = ",".join(map(str, self.index or ()))
        largest = "not finite" if self.max_abs is None else f"{self.max_abs:.3g}"
        values = f"{self.actual} instead of {self.expected}"
        return f"max_abs {largest}; values that differ: {self.mismatches}, the first at [{index}]: {values}"


@dataclass(frozen=True)
class Comparison:
    """Two of the three, operator by operator in the order in which they ran."""

    expected: str
    """`eager Python` or `the exported file in Python`."""
    actual: str
    """`the exported file in Python` or `the program`."""
    operators: int = 0
    """How many were compared and agree, up to the first that differs."""
    before: Optional[Spot] = None
    """The last of those."""
    differs: Optional[Spot] = None
    gap: Optional[Gap] = None
    lost: str = ""
    """From where on the operators could not be put side by side, and why; empty when all could."""
    answers: str = ""
    """How the answers to the whole call differ; empty when they agree."""

    @property
    def agree(self) -> bool:
        return not self.differs and not self.answers


@dataclass(frozen=True)
class BisectAnswer:
    """A model whose last case answers with what each operator gave in the call before it."""

    operators: tuple[Spot, ...]
    """By the numbers in that answer."""
    dtypes: tuple[str, ...]
    """By the numbers in that answer."""
    cases: tuple[Case, ...]
    python: Comparison
    """Of eager Python with the exported file."""
    notes: tuple[str, ...] = ()
