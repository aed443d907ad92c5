"""The libraries beside the model."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ..host.files import cannot_write
from ..users_code.origin import is_users
from .loading import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .finding import Library

FOLDER = "ops"


def ship(libraries: Iterable[Library], output: Path) -> None:
    """Copy them into `ops/` of the output folder. Raises Problem(write_failed)."""
    for library in libraries:
        target = output / FOLDER / library.file
        try:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(library.source, target)
        except OSError as error:
            raise cannot_write(target, error) from error


def user_files(libraries: Iterable[Library]) -> list[str]:
    """The libraries that are the user's own: when one changes, the export is stale."""
    paths = {library.source for library in libraries if is_users(str(library.source))} | set(REGISTRY.named)
    return sorted(str(path) for path in paths - REGISTRY.linked)
