"""What can build against the LibTorch of a platform: facts about C++ ABIs and the runtimes, as data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tsgen.runtimes import RUNTIMES
from tsgen.types import system_of
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from tsgen.types import BuildType
    from tsgen.types.matrix import Leg

# LibTorch for Linux is built against libstdc++, for macOS against Apple's libc++, for Windows by MSVC.
_USUAL_COMPILER = {"linux": "g++", "macos": "clang++", "windows": "msvc"}
_COMPILERS = {"linux": ("g++", "clang++"), "macos": ("clang++",), "windows": ("msvc", "clang-cl")}
# Seen: g++'s std::string is not libc++'s, and MinGW looks for `__imp__ZN5torch...`, which no .lib of MSVC's has.
_OTHER_ABI = {
    "macos": "LibTorch for macOS is built against Apple's libc++, which {compiler} does not use",
    "windows": "LibTorch for Windows is built by MSVC, and {compiler} has another C++ ABI: it cannot link it",
}
# A program that calls C functions alone may have any C++ ABI; but AOTInductor's C++ was tried with no other there.
_C_COMPILERS = {**_COMPILERS, "windows": ("g++",)}
_NOT_TRIED = "what AOTInductor writes is compiled for Windows by g++ (mingw), and was not tried with {compiler}"
_FOR_WINDOWS = "{compiler} builds for Windows only"


def why_not(leg: Leg) -> Refusal | None:
    """Why no compiler of that name can build the leg, and what to write instead; None when it can."""
    system, name = system_of(leg.platform), re.sub(r"-\d+$", "", leg.compiler)
    if leg.platform not in RUNTIMES[leg.runtime].platforms:
        return Refusal(f"{leg.runtime} was not tried for {leg.platform}", "leave the leg out, or take torchscript")
    compilers = _compilers(leg)[system]
    if name in compilers:
        return None
    text = _FOR_WINDOWS if name in _COMPILERS["windows"] and system != "windows" else _other_abi(leg)
    return Refusal(text.format(compiler=leg.compiler), f"for {leg.platform}: {' or '.join(compilers)}")


def usual_compiler(platform: str, runtime: str) -> str:
    """What a platform's own developers use, where the matrix names no compiler."""
    usual = _USUAL_COMPILER[system_of(platform)]
    return usual if RUNTIMES[runtime].calls_cxx or system_of(platform) != "windows" else "g++"


def libtorch_build_type(leg: Leg) -> BuildType:
    """Of the LibTorch. Only Microsoft's C++ has another runtime for debugging, of which C functions show nothing."""
    return leg.build_type if RUNTIMES[leg.runtime].calls_cxx else "release"


def _compilers(leg: Leg) -> dict[str, tuple[str, ...]]:
    return _COMPILERS if RUNTIMES[leg.runtime].calls_cxx else _C_COMPILERS


def _other_abi(leg: Leg) -> str:
    system = system_of(leg.platform)
    return _NOT_TRIED if system == "windows" and not RUNTIMES[leg.runtime].calls_cxx else _OTHER_ABI[system]
