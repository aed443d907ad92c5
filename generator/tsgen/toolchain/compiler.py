"""What CMake takes from the environment when it first configures, and keeps whatever the environment says later."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from tsgen.errors import ToolFailedError, ToolMissingError
from tsgen.system import process, stat_cache

_VARIABLES = (
    "CXX",
    "CXXFLAGS",
    "CUDACXX",
    "CUDAFLAGS",
    "CUDAHOSTCXX",
    "CUDAARCHS",
    "LDFLAGS",
    "CMAKE_TOOLCHAIN_FILE",
    "MACOSX_DEPLOYMENT_TARGET",
    "SDKROOT",
)
# The order in which CMake itself looks, without the vendor compilers of old Unix.
NAMES = ("c++", "g++", "clang++", "cl")
_SHIMS = ("ccache", "sccache", "distcc", "icecc")


def variables() -> str:
    """Those that are set, one a line."""
    return "".join(f"{name}={value}\n" for name in _VARIABLES if (value := os.environ.get(name, "").strip()))


def version() -> str:
    """Where the C++ compiler is that CMake takes by itself or from CXX, and what it says of itself."""
    words = command()
    if not words:
        return ""
    paths = [Path(found) for word in words if (found := shutil.which(word))]
    said = _said(words) if any(map(_is_shim, paths)) else stat_cache.remembered("compiler", paths, lambda: _said(words))
    return f"{' '.join(words)}\n{said}\n"


def command() -> list[str]:
    """With the whole path; CXX may carry flags or a launcher."""
    named = os.environ.get("CXX", "").strip()
    words = split(named) or [name for name in NAMES if shutil.which(name)][:1]
    return [shutil.which(words[0]) or words[0], *words[1:]] if words else []


def split(named: str) -> list[str]:
    try:
        return shlex.split(named, posix=sys.platform != "win32")
    except ValueError:
        return named.split()


def _said(words: list[str]) -> str:
    """The first line, which has the version; empty when it does not tell."""
    try:
        answer = process.run([*words, "--version"], merge=True).stdout
    except (ToolFailedError, ToolMissingError):
        return ""
    return answer.partition("\n")[0].strip()


def _is_shim(path: Path) -> bool:
    """A script, a launcher's link or Xcode's stand-in: what it starts may change while it does not."""
    if path.resolve().stem in _SHIMS or (sys.platform == "darwin" and path.parent == Path("/usr/bin")):
        return True
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return True
