"""Legs in as few words as tell them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.types.axes import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsgen.types.matrix import Leg, LegResult

TITLES = {
    "platform": "Platform",
    "runtime": "Runtime",
    "torch_version": "LibTorch",
    "accelerator": "Accelerator",
    "build_type": "Build",
    "compiler": "Compiler",
}
_ORDER = ("runtime", "torch_version", "compiler", "build_type", "accelerator")
"""In which the words of a leg are read, after its platform."""
_NOT_IN_IDS = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What all legs share need not be said with each."""

    varying: tuple[str, ...]
    common: tuple[tuple[str, str], ...]
    """Title and value of the axes on which all legs agree."""

    def rest(self, leg: Leg) -> str:
        """All but the platform."""
        return " · ".join(_word(leg, axis) for axis in _ORDER if axis in self.varying)

    def label(self, leg: Leg) -> str:
        return " · ".join(part for part in (leg.platform, self.rest(leg)) if part)


def naming(legs: Sequence[Leg]) -> Naming:
    varying = tuple(axis for axis in AXES if len({getattr(leg, axis) for leg in legs}) > 1)
    common = tuple((TITLES[axis], getattr(legs[0], axis)) for axis in AXES if axis not in varying) if legs else ()
    return Naming(varying=varying, common=common)


def _word(leg: Leg, axis: str) -> str:
    value = str(getattr(leg, axis))
    return f"LibTorch {value}" if axis == "torch_version" else value


def anchor(result: LegResult) -> str:
    """The id of a leg's own part of the page."""
    return f"leg-{_NOT_IN_IDS.sub('-', result.name)}"


def emulated(result: LegResult) -> bool:
    """Whether its times are another machine's."""
    return result.strategy == "emulated"


def tag(result: LegResult) -> str:
    """What stands beside its state, so that nobody takes it for what it is not."""
    return {"emulated": "emulated", "wine": "by wine"}.get(result.strategy or "", "")
