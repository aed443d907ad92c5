"""Whose code a file is: the user's own, or the interpreter's and its packages'."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

_INSTALLED = ("stdlib", "platstdlib", "purelib", "platlib")
_PACKAGES = {"site-packages", "dist-packages"}
_STARTUP = {"sitecustomize", "usercustomize"}
"""Imported by the interpreter itself, wherever they lie."""


@cache
def _not_users() -> tuple[Path, ...]:
    folders = {Path(sysconfig.get_paths()[key]).resolve() for key in _INSTALLED if key in sysconfig.get_paths()}
    return (*folders, Path(__file__).resolve().parents[1])


@cache
def _standard() -> tuple[str, ...]:
    """The folders of the standard library as its modules are named, each with a separator at its end."""
    paths = sysconfig.get_paths()
    return tuple(os.path.join(paths[key], "") for key in ("stdlib", "platstdlib") if key in paths)  # noqa: PTH118


@cache
def is_users(filename: str) -> bool:
    """False for `<string>`, `<frozen ...>` and the like."""
    if not filename or filename.startswith("<"):
        return False
    # Both are asked before resolve(), and of the name alone: pathlib is slow for thousands of modules.
    if not _PACKAGES.isdisjoint(filename.replace("\\", "/").split("/")) or filename.startswith(_standard()):
        return False
    path = Path(filename).resolve()
    if _PACKAGES & set(path.parts):
        return False
    return not any(folder in path.parents for folder in _not_users())


def user_files() -> list[str]:
    """The source files of the user's that were imported: when one changes, the export is stale."""
    files = set()
    for name, module in list(sys.modules.items()):
        filename = getattr(module, "__file__", None)
        own = module is sys.modules["__main__"] or name in _STARTUP or name.startswith("tsgen_worker")
        # torch.ops and torch.classes are modules with a __file__ that is no file
        if isinstance(filename, str) and not own and is_users(filename) and Path(filename).is_file():
            files.add(str(Path(filename).resolve()))
    return sorted(files)
