"""The words that may stand in a field."""

from __future__ import annotations

from typing import Literal, TypeAlias

BuildType: TypeAlias = Literal["release", "debug"]
Method: TypeAlias = Literal["auto", "trace", "script", "flat", "mixed"]
Tune: TypeAlias = Literal["none", "freeze", "optimize"]
"""What is done to an export for speed, although its last bits may change."""
Device: TypeAlias = Literal["cpu", "cuda"]
RuntimeName: TypeAlias = Literal["torchscript", "aotinductor"]
"""What executes the exported model in C++."""
CompileCache: TypeAlias = Literal["auto", "none", "ccache", "sccache"]
Demand: TypeAlias = Literal["exact", "tolerance", "floor"]
"""`floor`: no further from float64 than some times eager Python's own answer is; outputs of which that is not known,
within their tolerance."""

System: TypeAlias = Literal["linux", "macos", "windows"]
AcceleratorKind: TypeAlias = Literal["cpu", "cuda", "rocm", "xpu"]

PLATFORMS = ("linux-x86_64", "linux-aarch64", "macos-arm64", "macos-x86_64", "windows-x86_64", "windows-arm64")


def system_of(platform: str) -> str:
    """The System of `linux-x86_64`; of a platform that is none of PLATFORMS, its first word."""
    return platform.partition("-")[0]


def accelerator_kind(accelerator: str) -> AcceleratorKind:
    """The kind of `cpu`, `cu130`, `rocm7.2` or `xpu`; a kind without a version is its own."""
    if accelerator.startswith("cu"):
        return "cuda"
    return "rocm" if accelerator.startswith("rocm") else "xpu" if accelerator.startswith("xpu") else "cpu"
