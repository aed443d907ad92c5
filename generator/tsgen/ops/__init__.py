"""Libraries of operators that LibTorch lacks: those that are shipped beside a model, and the project's own."""

from __future__ import annotations

from tsgen.ops.portable import make_portable, misfit

__all__ = ["make_portable", "misfit"]
