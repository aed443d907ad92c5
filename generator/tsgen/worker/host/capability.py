"""Which instruction set torch's kernels were picked for."""

from __future__ import annotations

import re

import torch


def capability() -> str:
    """`AVX512`, `AVX2`, `DEFAULT`, ...; torch before 2.0 tells it in its build description only."""
    ask = getattr(getattr(torch.backends, "cpu", None), "get_cpu_capability", None)
    if ask is not None:
        return str(ask())
    found = re.search(r"CPU capability usage: (.+)", torch.__config__.show())
    return found[1].strip() if found else ""
