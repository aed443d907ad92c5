"""The data files that a factory reads: its own weights, a vocabulary. When one changes, the export is stale."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .origin import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITING = os.O_WRONLY | os.O_RDWR
_CODE = (".py", ".pyc", ".so", ".pyd")
"""Imported code is counted by origin."""
_SYSTEM = [("proc",), ("sys",), ("dev",), ("etc",), ("usr",), ("run",)]


@contextlib.contextmanager
def recorded() -> Iterator[set[str]]:
    """Afterwards the set holds the absolute paths of the files that Python code opened for reading in the block.

    What a C++ library opens by itself (torch.jit.load) is not seen.
    """
    found: set[str] = set()
    active = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not active or event != "open":
            return
        name, _, flags = arguments
        if isinstance(name, (str, os.PathLike)) and isinstance(flags, int) and not flags & _WRITING:
            found.add(os.path.abspath(os.fspath(name)))  # noqa: PTH100 - resolve() would follow links

    sys.addaudithook(hook)  # for good: Python takes none away
    try:
        yield found
    finally:
        active.clear()
        found.intersection_update([name for name in found if _counts(name)])


def _counts(name: str) -> bool:
    top = Path(name).parts[1:2]
    return not name.endswith(_CODE) and top not in _SYSTEM and Path(name).is_file() and is_users(name)
