"""Drawings: graphs of a model's methods as Graphviz text or a page, a matrix as a page; a page needs nothing else."""

from __future__ import annotations

from tsgen.drawing.dot import dot
from tsgen.drawing.matrix import matrix_page
from tsgen.drawing.page import page

__all__ = ["dot", "matrix_page", "page"]
