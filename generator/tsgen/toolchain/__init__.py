"""Find CMake, Ninja and a C++ compiler: the system's when it is new enough, else the wheel that came with tsgen."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.errors import ToolFailedError, ToolMissingError
from tsgen.system import process, stat_cache
from tsgen.toolchain import compiler

if TYPE_CHECKING:
    from collections.abc import Callable

# 3.25 is the first that reads workflow presets (CMakePresets.json version 6).
CMAKE_FLOOR = Version("3.25")
# 1.11 compiles everything again at each build when a folder's name has one of ' & * ? < > ` ^ in it; 1.13 does not.
NINJA_FLOOR = Version("1.13")


@dataclass(frozen=True, kw_only=True)
class Tool:
    path: Path
    version: str


@dataclass(frozen=True, kw_only=True)
class Toolchain:
    cmake: Tool
    ninja: Tool


def find() -> Toolchain:
    """Raises ToolMissingError, naming what is missing and how it is installed."""
    _require_compiler()
    return Toolchain(
        cmake=_newest_enough("cmake", CMAKE_FLOOR, _cmake_wheel),
        ninja=_newest_enough("ninja", NINJA_FLOOR, _ninja_wheel),
    )


def _require_compiler() -> None:
    named = os.environ.get("CXX", "").strip()
    # CXX may carry flags or a launcher: `ccache g++`.
    if named and not shutil.which(named.split()[0]):
        raise ToolMissingError(f"CXX names `{named}`, which is not on this machine", hint="correct or unset CXX")
    if not named and not any(shutil.which(name) for name in compiler.NAMES):
        raise ToolMissingError(
            "there is no C++ compiler on this machine (looked for c++, g++, clang++, cl)",
            hint="install one (`apt-get install g++`, `xcode-select --install`, Visual Studio Build Tools), or set CXX",
        )


def _newest_enough(name: str, floor: Version, wheel: Callable[[], Path]) -> Tool:
    """The system's program, or the wheel's when there is none or it is older than `floor`."""
    system = shutil.which(name)
    tool = _tool(Path(system)) if system else None
    if tool and Version(tool.version) >= floor:
        return tool
    shipped = _tool(wheel())
    if not shipped or Version(shipped.version) < floor:
        came = f"{tool.version} at {system}" if tool else "none"
        raise ToolMissingError(
            f"{name} {floor} or newer is needed; found {came}, and its wheel is not installed",
            hint=f"pip install {name}",
        )
    return shipped


def _tool(path: Path) -> Tool | None:
    ask = partial(_version, path)
    version = stat_cache.remembered("version", [path], ask) if _is_itself(path) else ask()
    return Tool(path=path, version=version) if version else None


def _version(path: Path) -> str:
    """Empty when it does not tell."""
    try:
        answer = process.run([path, "--version"])
    except (ToolFailedError, ToolMissingError):
        return ""
    match = re.search(r"\d+(\.\d+)+", answer.stdout)
    return match[0] if match else ""


def _is_itself(path: Path) -> bool:
    """Not a script, and no program of another name (snap, a shim): what those start may change while they do not."""
    try:
        with path.open("rb") as file:
            return file.read(2) != b"#!" and path.resolve().name.startswith(path.stem)
    except OSError:
        return False


def _cmake_wheel() -> Path:
    try:
        import cmake  # noqa: PLC0415 - only when the system's does not do
    except ImportError:
        return Path("cmake")
    return Path(cmake.CMAKE_BIN_DIR) / "cmake"


def _ninja_wheel() -> Path:
    try:
        import ninja  # noqa: PLC0415 - only when the system's does not do
    except ImportError:
        return Path("ninja")
    return Path(ninja.BIN_DIR) / "ninja"
