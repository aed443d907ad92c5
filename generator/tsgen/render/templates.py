"""Where the templates are, and what the project's asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tsgen.system import codec


def template_dir() -> Path:
    """The templates inside the wheel; in an editable install, those of the repository."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_templates"
    return shipped if shipped.is_dir() else package.parents[1] / "templates"


def library() -> Path:
    """The folder third_party/tsgen that every project gets."""
    return template_dir() / "cpp" / "{{cookiecutter.project_slug}}" / "third_party" / "tsgen"


def defaults() -> dict[str, Any]:
    """The words of the template with their defaults."""
    path = template_dir() / "cpp" / "cookiecutter.json"
    return dict(codec.parsed(path.read_bytes()))
