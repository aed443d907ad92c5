"""Sphinx: `nox -s docs` builds the site into docs/_build/html."""

from __future__ import annotations

from tsgen import __version__

project = "tsgen"
author = "the tsgen authors"
copyright = "the tsgen authors, Apache-2.0"  # noqa: A001 - Sphinx's name for it
release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
nitpicky = True
smartquotes = False  # `--option` in a help text must stay two hyphens

html_theme = "furo"
html_title = f"tsgen {release}"
html_extra_path = ["reference/outcome.schema.json"]
