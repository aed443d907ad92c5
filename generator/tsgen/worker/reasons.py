"""States as values: why an answer is a failure, why a way to export is none, what an export should carry.

What is decided is decided by their kinds. Their texts are for people, and are put together where they are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RequirementKind = Literal["size", "list", "optional", "number", "method"]

FrozenKind = Literal[
    "branch", "loop", "index", "number", "value", "list", "length", "array", "constant", "try"
]  # fmt: skip
"""What a trace takes for a constant."""

DifferenceKind = Literal["places", "count", "dtype", "shape", "value", "raised"]

DoubtKind = Literal["frozen", "left_out", "bytes", "rounded"]

RejectionKind = Literal["exit", "gradient", "raised"]
"""Why eager Python does not answer: it leaves the program, differentiates where gradients are off, or raises."""

ReasonKind = Literal[
    # In the way of every method.
    "compiled", "transform", "gradient", "untraceable_output",
    # Of the file, when it is run.
    "shape", "branch", "loop", "number", "list", "length", "array", "constant", "differs", "raises", "interface",
    "not_stored",
    # Of a method that makes none.
    "state", "untyped_state", "optional_state", "left_to_python", "hook", "own_call", "not_compiled", "part_called",
    "not_traced", "died",
    # Of a method that is not for such a model.
    "untraceable_input", "keyword_only", "no_part", "no_number", "no_tensor", "own_forward",
]  # fmt: skip

Stage = Literal["unfit", "unmade", "judged"]
"""How far a method came: it is not for such a model, it makes nothing that could be judged, or it was judged."""

Speaker = Literal["export", "making", "nobody"]
"""Whose predicate a reason's text is: `the trace raises ...`, `tracing froze ...`; or it is a sentence of its own."""


@dataclass(frozen=True)
class Reason:
    """Why a way to export a model is none, or does not carry a requirement."""

    kind: ReasonKind
    text: str
    where: str = ""
    """`model.py:12: if x.sum() > 0:`."""
    stage: Stage = "judged"
    speaker: Speaker = "nobody"

    @property
    def sentence(self) -> str:
        return self.text if self.speaker == "nobody" else f"it {self.text}"


@dataclass(frozen=True)
class Requirement:
    """What nobody asked for, but the model can do, and an export should be able to do too."""

    kind: RequirementKind
    name: str


@dataclass(frozen=True)
class Difference:
    """A difference between two answers. `place`: where; `ours` and `theirs`: what stands there."""

    kind: DifferenceKind
    place: str = ""
    ours: str = ""
    theirs: str = ""

    def told(self, one: str = "in Python", other: str = "in the export") -> str:
        """`scores[0,1] is 2 in Python, 1 in the export`."""
        if self.kind == "places":
            return f"Python returns {self.ours}, the export {self.theirs}"
        if self.kind == "raised":
            return f"the second raised {self.theirs}"
        verb = "has shape" if self.kind == "shape" else "is"
        return f"{self.place} {verb} {self.ours} {one}, {self.theirs} {other}"


@dataclass(frozen=True)
class SilentSpecialization:
    """What was lost although no input that was tried shows it: `froze a branch (model.py:12: if x.sum() > 0:)`."""

    kind: DoubtKind
    text: str
    by_torch: bool = False
    """It is torch that says so."""


@dataclass(frozen=True)
class Rejection:
    """The model raised on an input; that may be right (an index out of range) and is no failure yet."""

    kind: RejectionKind
    said: str
    traceback: str = ""


@dataclass(frozen=True)
class Refusal:
    """No method exports the model: each one's own reason, in the order they were tried."""

    label: str
    tried: tuple[tuple[str, Reason], ...]
    forced: bool = False
    """The user chose the method."""
    kept: str = ""
    """What the model keeps from call to call, and where its code writes it."""

    @property
    def telling(self) -> list[tuple[str, Reason]]:
        """What was tried, without the methods that are not for such a model, if there are others."""
        return [one for one in self.tried if one[1].stage != "unfit"] or list(self.tried)

    @property
    def text(self) -> str:
        made = any(reason.stage == "judged" for _, reason in self.tried)
        outcome = "has no export that computes what Python computes" if made else "cannot be exported"
        kept = f"It keeps state from call to call: {self.kept}. " if self.kept else ""
        return f"{self.label} {outcome}. {kept}" + "; ".join(
            f"{name}: {reason.sentence}" for name, reason in self.telling
        )
