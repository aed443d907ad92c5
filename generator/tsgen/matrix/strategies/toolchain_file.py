"""A CMake toolchain file: the cross compiler of a leg, in a form that a user of plain CMake can take over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "toolchain.cmake"


def write(folder: Path, settings: Mapping[str, str], reason: str) -> Path:
    """`reason` is its first line. A value may be a list of CMake's, with `;`. Raises BuildError as `put`."""
    return put(folder / FILE_NAME, text(settings, reason))


def text(settings: Mapping[str, str], reason: str) -> str:
    lines = [f"set({name} [==[{value}]==])" for name, value in settings.items()]
    return "\n".join([f"# {reason}", *lines]) + "\n"


def put(path: Path, content: str, *, executable: bool = False) -> Path:
    """An unchanged file keeps its time stamp: to Ninja, and to a compile cache, a new one is another tool.

    Raises BuildError when it cannot be written.
    """
    with files.writing(path, BuildError):
        files.write_if_changed(path, content)
        if executable:
            path.chmod(0o755)
    return path
