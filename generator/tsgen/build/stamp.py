"""What a build folder was configured with: CMake's cache keeps a compiler and flags that the environment once had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.toolchain import compiler

if TYPE_CHECKING:
    from pathlib import Path

_NAME = ".tsgen-made-with"
_BETWEEN = "---\n"


@dataclass(frozen=True)
class Stamp:
    compiler: str
    """Its place and version."""
    variables: str
    """Those of the environment that CMake looks at once."""


def now() -> Stamp:
    return Stamp(compiler.version(), compiler.variables())


def read(folder: Path) -> Stamp | None:
    """None for a folder that was never configured to the end by this tsgen."""
    try:
        made_with, between, variables = (folder / _NAME).read_text(encoding="utf-8").partition(_BETWEEN)
    except (OSError, ValueError):
        return None
    return Stamp(made_with, variables) if between else None


def write(folder: Path, stamp: Stamp) -> None:
    (folder / _NAME).write_text(f"{stamp.compiler}{_BETWEEN}{stamp.variables}", encoding="utf-8")


def remove(folder: Path) -> None:
    """Whoever is interrupted while CMake configures leaves a cache that nothing vouches for."""
    (folder / _NAME).unlink(missing_ok=True)
