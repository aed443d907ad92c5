"""How far eager Python lies from itself in float64, as answers and manifest.json have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

NoFloorKind = Literal["", "wide", "not_copied", "raised", "narrow", "differs", "changed"]
"""Why an output has no noise floor. `wide`: its dtype is the widest there is. `not_copied`: the model cannot be copied.
`raised`: it raises in float64. `narrow`: an operator in it gives something narrower all the same. `differs`: its answer
in float64 is another by more than the tolerance. `changed`: Python answers otherwise than when the cases were saved."""


@dataclass(frozen=True)
class NoiseFloor:
    """How far eager Python lies from itself in float64 in one output, over all cases of its method."""

    output: str
    method: str = ""
    """Empty for forward."""
    dtype: str = ""
    error: Optional[float] = None
    """The largest absolute difference; None where there is no answer in float64."""
    floor: Optional[float] = None
    """`error`, but no less than one unit in the last place of the largest value: eager may be exact by luck."""
    lacks: NoFloorKind = ""
    text: str = ""
    """What was raised, or the operator; empty where `lacks` says it all."""
