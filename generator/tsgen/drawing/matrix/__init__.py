"""matrix.json as a page to look at: states, errors, times and sizes of every leg."""

from __future__ import annotations

from tsgen.drawing.matrix.page import matrix_page

__all__ = ["matrix_page"]
