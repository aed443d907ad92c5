"""A part that every project can have: workflows of a CI system, a Conan recipe, a development container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.commands.add import templates
from tsgen.commands.add.writing import Written, write
from tsgen.system.names import identifier

if TYPE_CHECKING:
    from pathlib import Path


def part(root: Path, project: str, name: str, *, force: bool = False) -> Written:
    """Write every file of templates/add/NAME to the same place in the project. Raises ConfigError and RenderError."""
    words = {"PROJECT": project, "IDENTIFIER": identifier(project)}
    folder = templates.folder(name)
    texts = {place: templates.filled(folder / place, words) for place in templates.places(name)}
    return write(root, texts, force=force, hint="keep yours, or overwrite with --force")
