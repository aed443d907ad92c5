"""Sources are compared by content: Ninja goes by their times alone, and a file may come with an old one.

So it is with `cp -p`, an unpacked archive, a clock that was set back, or an edit while the compiler reads.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.system import codec, files, stat_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORD = ".tsgen-sources.json"
_NINJAS_LOG = ".ninja_log"
_SUFFIXES = frozenset({".c", ".cc", ".cpp", ".cxx", ".cu", ".cuh", ".h", ".hh", ".hpp", ".hxx", ".inc", ".cmake"})
_NAMES = frozenset({"CMakeLists.txt"})
_NOT_OURS = frozenset({"build", "model"})


def settle(root: Path, folder: Path) -> None:
    """Give the present time to each source of another content than at the last build that Ninja would take for old."""
    before = codec.read_own(folder / _RECORD, dict[str, str]) or {}
    now = {path.relative_to(root).as_posix(): _digest(path) for path in _sources(root)}
    built = _time(folder / _NINJAS_LOG)
    for name, digest in now.items():
        if before.get(name, digest) != digest and _time(root / name) <= built:
            os.utime(root / name)
    files.write_if_changed(folder / _RECORD, codec.text_of(now))


def _sources(root: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(root):
        here = Path(parent)
        skipped = _NOT_OURS if here == root else frozenset[str]()
        folders[:] = sorted(name for name in folders if name not in skipped and not name.startswith("."))
        for name in sorted(names):
            if name in _NAMES or os.path.splitext(name)[1] in _SUFFIXES:  # noqa: PTH122 - a hundred files at each build
                yield here / name


def _digest(path: Path) -> str:
    """Empty for what cannot be read: who compiles it says so."""
    with suppress(OSError):
        return stat_cache.sha256(path)
    return ""


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
