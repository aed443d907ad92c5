"""The words that may stand in a field."""

from __future__ import annotations

from typing import Literal, TypeAlias

BuildType: TypeAlias = Literal["release", "debug"]
Method: TypeAlias = Literal["auto", "trace", "script"]
Device: TypeAlias = Literal["cpu", "cuda"]
Demand: TypeAlias = Literal["exact", "tolerance"]
Dimension: TypeAlias = int | str
"""A size, or the name of a dynamic dimension."""

PLATFORMS = ("linux-x86_64", "linux-aarch64", "macos-arm64", "macos-x86_64", "windows-x86_64", "windows-arm64")
