"""How a leg is built and tried on this machine. A new one is a module in `STRATEGIES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.matrix.strategies import emulated, macos, mingw, native, windows
from tsgen.runtimes import RUNTIMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.matrix.strategies.strategy import Strategy
    from tsgen.types.matrix import Leg

STRATEGIES: Mapping[str, Mapping[str, Strategy]] = {
    "linux-x86_64": {
        "linux-aarch64": emulated,
        "macos-arm64": macos,
        "macos-x86_64": macos,
        "windows-x86_64": windows,
    },
}
"""By the platform of this machine, as far as it was tried, and that of the leg."""
_WITHOUT_CXX: Mapping[str, Mapping[str, Strategy]] = {"linux-x86_64": {"windows-x86_64": mingw}}
"""The same, where a runtime's programs call no C++ of LibTorch's."""
_ONLY: Mapping[str, str] = {"windows-x86_64": "clang-cl"}
"""Away from Windows there is no MSVC."""


def for_leg(leg: Leg, host_platform: str) -> Strategy | None:
    """None when this machine cannot do anything with the leg, whatever is installed."""
    if leg.platform == host_platform:
        return native
    if not RUNTIMES[leg.runtime].calls_cxx and (other := _WITHOUT_CXX.get(host_platform, {}).get(leg.platform)):
        return other
    if leg.compiler != _ONLY.get(leg.platform, leg.compiler):
        return None
    return STRATEGIES.get(host_platform, {}).get(leg.platform)
