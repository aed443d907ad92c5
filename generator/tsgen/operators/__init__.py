"""Libraries of operators that LibTorch lacks: those that are shipped beside a model, and the project's own."""

from __future__ import annotations

from tsgen.operators.portable import make_portable, misfit
from tsgen.operators.project import built, library_name, namespace, owner, sources

__all__ = ["built", "library_name", "make_portable", "misfit", "namespace", "owner", "sources"]
