"""The words that may stand in a field."""

from __future__ import annotations

from typing import Literal, TypeAlias

BuildType: TypeAlias = Literal["release", "debug"]
Method: TypeAlias = Literal["auto", "trace", "script", "flat", "mixed"]
Device: TypeAlias = Literal["cpu", "cuda"]
CompileCache: TypeAlias = Literal["none", "ccache", "sccache"]
Demand: TypeAlias = Literal["exact", "tolerance"]
Dimension: TypeAlias = int | str
"""A size, or the name of a dynamic dimension."""
Kind: TypeAlias = Literal["tensor", "int", "float", "bool", "str", "record", "tuple", "list", "constant", "none"]
"""What a value of a signature is: a leaf that travels, a group, or a place that never changes."""
Call: TypeAlias = Literal["nested", "flat"]

GROUPS = ("record", "tuple", "list")
FIXED = ("constant", "none")
DTYPES = (
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "bool",
    "complex64",
    "complex128",
)

PLATFORMS = ("linux-x86_64", "linux-aarch64", "macos-arm64", "macos-x86_64", "windows-x86_64", "windows-arm64")
