"""What an export may have lost although no input that was tried shows it, and the sizes that could show it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ..reasons import SilentSpecialization
from ..users_code.statements import header
from .graph import compiled_lines, is_straight, rounded_size, string_by_bytes

if TYPE_CHECKING:
    from ..candidates.exported import Exported
    from ..probes.extrapolation import Sizes
    from ..reference.eager import Probe
    from ..users_code.frozen import Frozen

_UNSEEN = "no input that was tried shows it, another may"
NUMBERS = 4
"""Numbers of one kind of code, the user's or a library's, around which sizes are tried."""


def further(sizes: Sizes, exported: Exported, taken: tuple[Frozen, ...]) -> list[Probe]:
    """What was deferred, unless it cannot matter, and the sizes that what a trace froze speaks of.

    `taken`: where Python took values out of tensors. What torch warns of elsewhere concerns a size: only while it
    traces, that is a tensor too.
    """
    deferred = [] if _is_straight(exported, taken) else sizes.rest()
    if not exported.traced:
        return deferred
    of_values = {(place.file, place.line) for place in taken}
    of_sizes = [place for place in exported.frozen if (place.file, place.line) not in of_values]
    own = [place for place in of_sizes if place.doubtful]
    librarys = [place for place in of_sizes if not place.doubtful]
    found = sizes.compared(_numbers(own)) + sizes.compared(_numbers(librarys), own=False)
    return deferred + found + (sizes.dense() if own or rounded_size(exported.module) else [])


def _is_straight(exported: Exported, taken: tuple[Frozen, ...]) -> bool:
    """The same operators for every value and size: neither Python nor the recorded run asks for one."""
    return exported.traced and not (taken or exported.frozen) and is_straight(exported.module)


def _numbers(places: list[Frozen]) -> list[int]:
    return list(dict.fromkeys(number for place in places for number in place.numbers))[:NUMBERS]


def lost(
    exported: Exported, suspects: tuple[Frozen, ...], inexact: str, *, strings: bool
) -> SilentSpecialization | None:
    """`inexact`: an input of another size at which the last bits differ. `strings`: among the inputs is one."""
    places = [place for place in dict.fromkeys((*exported.frozen, *suspects)) if place.doubtful]
    missing = _missing(exported, places) if places else []
    if missing:
        told, by_torch = missing[0].told(), missing[0].by_torch
        if exported.traced:
            return SilentSpecialization("frozen", f"froze {told}; {_UNSEEN}", by_torch)
        return SilentSpecialization("left_out", f"left out {told}; {_UNSEEN}", by_torch)
    if strings and not exported.traced and (place := string_by_bytes(exported.module)):
        return SilentSpecialization(
            "bytes", f"takes a string's bytes for its characters ({place}): right for ASCII only"
        )
    rounded = rounded_size(exported.module) if inexact and exported.traced else ""
    words = f"computes with a size in float32 ({rounded}): on input '{inexact}' the last digits differ"
    return SilentSpecialization("rounded", words) if rounded else None


def _missing(exported: Exported, places: list[Frozen]) -> list[Frozen]:
    """Those of which no line was compiled."""
    lines = {(PurePath(file).name, line) for file, line in compiled_lines(exported.module)}
    return [place for place in places if not lines & _around(place)]


def _around(place: Frozen) -> set[tuple[str, int]]:
    first, last = header(place.file, place.line)
    return {(PurePath(place.file).name, line) for line in range(first, last + 1)}
