"""How a proof ended on one device, and why. `say` makes the sentences, `documents` what stands in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

VerdictState: TypeAlias = Literal["proven", "failed", "not proven", "not exercised"]
"""`not proven`: the answers agree and it would mean nothing. `not exercised`: nothing was run, and nothing is wrong."""
ReasonKind: TypeAlias = Literal[
    "differs", "own_verify", "refused", "unusable", "constant_output", "only_nan", "absent", "cpu_first", "quoted"
]
"""`differs`: an output is another than Python's. `own_verify`: the program alone says so. `refused`: it gave no answer.
`unusable`: the device is there and broken. `constant_output`, `only_nan`: the cases can prove nothing. `absent`: there
is no such device. `cpu_first`: the CPU is not proven yet. `quoted`: read from a document, which has the words alone."""


@dataclass(frozen=True)
class Reason:
    kind: ReasonKind
    text: str = ""
    """The values that differ, or what somebody else said: the program, a document. Empty where the kind says it all."""
    where: str = ""
    """`case ones, output output, index [0]`."""


@dataclass(frozen=True)
class Verdict:
    state: VerdictState
    reason: Reason | None = None
    """None where there is none to give, and where the comparisons of the report are the reason."""


PROVEN = Verdict("proven")
