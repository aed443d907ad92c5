"""Folders in which CMake cannot build."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import LibTorch

# Tried with CMake 3.21 to 4.4 and Ninja 1.11 and 1.13. In a LibTorch's folder `,` ends -Wl,-rpath and `:` a run path.
_MISREAD = re.compile(r"[;|\"\n]|\$[A-Za-z]*[{<]" + ("" if sys.platform == "win32" else r"|\\"))
_MISREAD_LIBTORCH = re.compile(r"[;|\n]|\$<" + ("" if sys.platform == "win32" else r"|[,:\\]|\s$"))


def check_folders(project: Path, libtorch: LibTorch) -> None:
    """Raises ConfigError for a folder whose name CMake or the linker misreads; they would fail late, and in riddles."""
    for folder, misread in ((project, _MISREAD), (libtorch.root, _MISREAD_LIBTORCH)):
        if found := misread.search(str(folder)):
            raise ConfigError(
                f"{folder}: CMake cannot build there, it misreads `{found[0]}` in a folder's name",
                hint="rename the folder, or choose another (a symbolic link with a plain name will do for LibTorch)",
            )
