"""Where the templates are, and what the project's asks for."""

from __future__ import annotations

import json
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any


def template_dir() -> Path:
    """The templates inside the wheel; in an editable install, those of the repository."""
    shipped = Path(str(package_files("tsgen"))) / "_templates"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "templates"


def defaults() -> dict[str, Any]:
    """The words of the template with their defaults."""
    path = template_dir() / "cpp" / "cookiecutter.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
