"""Which compilers can build against the LibTorch of a platform: facts about C++ ABIs, as data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tsgen.types import system_of
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from tsgen.types.matrix import Leg

# LibTorch for Linux is built against libstdc++, for macOS against Apple's libc++, for Windows by MSVC.
_COMPILERS = {"linux": ("g++", "clang++"), "macos": ("clang++",), "windows": ("msvc", "clang-cl")}
# Seen: g++'s std::string is not libc++'s, and MinGW looks for `__imp__ZN5torch...`, which no .lib of MSVC's has.
_OTHER_ABI = {
    "macos": "LibTorch for macOS is built against Apple's libc++, which {compiler} does not use",
    "windows": "LibTorch for Windows is built by MSVC, and {compiler} has another C++ ABI: it cannot link it",
}
_FOR_WINDOWS = "{compiler} builds for Windows only"


def why_not(leg: Leg) -> Refusal | None:
    """Why no compiler of that name can build the leg, and what to write instead; None when it can."""
    system, name = system_of(leg.platform), re.sub(r"-\d+$", "", leg.compiler)
    if name in _COMPILERS[system]:
        return None
    text = _FOR_WINDOWS if name in _COMPILERS["windows"] else _OTHER_ABI[system]
    return Refusal(text.format(compiler=leg.compiler), f"for {leg.platform}: {' or '.join(_COMPILERS[system])}")
