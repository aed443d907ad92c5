"""Which CPU made the numbers: two CPUs of one kind run the same kernels, so only there zero difference is demanded."""

from __future__ import annotations

from pathlib import Path

KEYS = ("vendor_id", "model name", "CPU implementer", "CPU part")
CPUINFO = Path("/proc/cpuinfo")


def cpuinfo_values(text: str) -> list[str]:
    """The first value of each of KEYS that is there, in that order."""
    first: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip() in KEYS:
            first.setdefault(key.strip(), value.strip().replace("/", " ").replace("\t", " "))
    return [first[key] for key in KEYS if key in first]


def identity(capability: str) -> str:
    """`AuthenticAMD/AMD EPYC 9B45/AVX512`; empty (unknown) where there is no cpuinfo."""
    try:
        values = cpuinfo_values(CPUINFO.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        values = []
    return "/".join([*values, capability]) if values else ""
