"""The project from the cookiecutter template, and the model's typed API from templates/api."""

from __future__ import annotations

from tsgen.render.api import api, write_api
from tsgen.render.names import check_name, identifier
from tsgen.render.project import project

__all__ = ["api", "check_name", "identifier", "project", "write_api"]
