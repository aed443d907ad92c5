"""The package that a file is a part of: relative imports in it need to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

_INIT = "__init__.py"


def of(path: Path) -> tuple[Path, str]:
    """The folder to import from, and the module's full name; an empty name for a file that is in no package."""
    folder = path.absolute().parent
    parts = [] if path.name == _INIT else [path.stem]
    while (folder / _INIT).is_file() and folder.name.isidentifier():
        parts.insert(0, folder.name)
        folder = folder.parent
    is_part = len(parts) > (path.name != _INIT) and all(part.isidentifier() for part in parts)
    return folder, ".".join(parts) if is_part else ""


def is_file_of(module: ModuleType, path: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and path.samefile(file)
