"""Graphs of a model's methods as drawings: Graphviz text, or a page that needs nothing else."""

from __future__ import annotations

from tsgen.drawing.dot import dot
from tsgen.drawing.page import page

__all__ = ["dot", "page"]
