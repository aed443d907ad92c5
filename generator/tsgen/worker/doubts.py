"""What an export may have lost although no input that was tried shows it, and the sizes that could show it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from .nodes import compiled_lines, rounded_size, string_by_bytes
from .statements import header

if TYPE_CHECKING:
    from .candidates.exported import Exported, Frozen
    from .eager import Probe
    from .far import Sizes

_UNSEEN = "no input that was tried shows it, another may"
NUMBERS = 4
"""Numbers of one kind of code, the user's or a library's, around which sizes are tried."""


def further(sizes: Sizes, exported: Exported, taken: tuple[Frozen, ...]) -> list[Probe]:
    """At the sizes that what a trace froze speaks of. `taken`: where Python took values out of tensors.

    What torch warns of elsewhere concerns a size: only while it traces, that is a tensor too.
    """
    if not exported.traced:
        return []
    of_values = {(place.file, place.line) for place in taken}
    of_sizes = [place for place in exported.frozen if (place.file, place.line) not in of_values]
    own = [place for place in of_sizes if place.doubtful]
    librarys = [place for place in of_sizes if not place.doubtful]
    found = sizes.compared(_numbers(own)) + sizes.compared(_numbers(librarys), own=False)
    return found + (sizes.dense() if own or rounded_size(exported.module) else [])


def _numbers(places: list[Frozen]) -> list[int]:
    return list(dict.fromkeys(number for place in places for number in place.numbers))[:NUMBERS]


def lost(exported: Exported, suspects: tuple[Frozen, ...], inexact: str, *, strings: bool) -> tuple[str, bool]:
    """What in words, and whether torch says so.

    `inexact`: an input of another size at which the last bits differ. `strings`: among the inputs is one.
    """
    places = [place for place in dict.fromkeys((*exported.frozen, *suspects)) if place.doubtful]
    missing = _missing(exported, places) if places else []
    if missing:
        verb = "froze" if exported.traced else "left out"
        return f"{verb} {missing[0].what} ({missing[0].place}); {_UNSEEN}", missing[0].by_torch
    if strings and not exported.traced and (place := string_by_bytes(exported.module)):
        return f"takes a string's bytes for its characters ({place}): right for ASCII only", False
    rounded = rounded_size(exported.module) if inexact and exported.traced else ""
    words = f"computes with a size in float32 ({rounded}): on input '{inexact}' the last digits differ"
    return (words if rounded else ""), False


def _missing(exported: Exported, places: list[Frozen]) -> list[Frozen]:
    """Those of which no line was compiled."""
    lines = {(PurePath(file).name, line) for file, line in compiled_lines(exported.module)}
    return [place for place in places if not lines & _around(place)]


def _around(place: Frozen) -> set[tuple[str, int]]:
    first, last = header(place.file, place.line)
    return {(PurePath(place.file).name, line) for line in range(first, last + 1)}
