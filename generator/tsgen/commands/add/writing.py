"""Writing into a folder of the user's: what he has there stays, unless he says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError, RenderError
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Written:
    """The files of a part, relative to the project."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    """Those that were there with this very text."""


def write(root: Path, texts: Mapping[str, str], *, force: bool, hint: str) -> Written:
    """Write each text to its place in the project, each file whole or not at all.

    Raises ConfigError with `hint` for files that are there with another text, unless `force`, before one is written;
    RenderError when one cannot be written.
    """
    if not force and (theirs := [place for place, text in texts.items() if _is_another(root / place, text)]):
        are, differ = ("are", "differ") if len(theirs) > 1 else ("is", "differs")
        raise ConfigError(
            f"{' and '.join(theirs)} {are} already in {root} and {differ} from what tsgen would write", hint=hint
        )
    changed = {place: _put(root / place, text) for place, text in texts.items()}
    return Written(
        written=tuple(place for place, new in changed.items() if new),
        unchanged=tuple(place for place, new in changed.items() if not new),
    )


def _is_another(path: Path, text: str) -> bool:
    """Whatever it is: a file with another text, a folder, a link that leads nowhere."""
    with files.writing(path, RenderError):
        there = path.is_symlink() or path.exists()
        return there and not (path.is_file() and path.read_bytes() == text.encode())


def _put(path: Path, text: str) -> bool:
    with files.writing(path, RenderError):
        return files.write_if_changed(path, text)
