"""Drawings: graphs of a model's methods as Graphviz text, a matrix as a page that needs nothing else."""

from __future__ import annotations

from tsgen.drawing.dot import dot
from tsgen.drawing.matrix import matrix_page

__all__ = ["dot", "matrix_page"]
