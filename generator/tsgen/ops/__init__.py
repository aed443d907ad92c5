"""Libraries of operators that LibTorch lacks: those that are shipped beside a model, and the project's own."""

from __future__ import annotations

from tsgen.ops.portable import make_portable, misfit
from tsgen.ops.scaffold import add, namespace, sources

__all__ = ["add", "make_portable", "misfit", "namespace", "sources"]
