"""The files of templates/add. A word to be filled in is `@WORD@`, which the languages of these files leave alone."""

from __future__ import annotations

import re
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def folder(part: str) -> Path:
    """The folder of a part's templates: inside the wheel; in an editable install, in the repository."""
    shipped = Path(str(package_files("tsgen"))) / "_templates"
    return (shipped if shipped.is_dir() else Path(__file__).resolve().parents[4] / "templates") / "add" / part


def places(part: str) -> list[str]:
    """The place of every file of a part, relative to the project, sorted."""
    root = folder(part)
    # pip compiles the Python files of an installed wheel, templates or not.
    found = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(root).as_posix() for path in found)


def filled(path: Path, words: Mapping[str, str]) -> str:
    """The template's text, with `words` in place of `@WORD@`."""
    names = "|".join(map(re.escape, words))
    return re.sub(f"@({names})@", lambda found: words[found[1]], path.read_text(encoding="utf-8"))
