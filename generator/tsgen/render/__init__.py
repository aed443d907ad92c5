"""The project from the cookiecutter template, and the model's typed API from templates/api."""

from __future__ import annotations

from tsgen.render.header import api, write_api
from tsgen.render.names import check_name
from tsgen.render.project import project
from tsgen.render.templates import library

__all__ = ["api", "check_name", "library", "project", "write_api"]
