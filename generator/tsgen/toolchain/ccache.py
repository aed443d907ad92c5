"""ccache: what it is told, whether it can work at all, and what it did for a build."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import ToolMissingError
from tsgen.system import process

if TYPE_CHECKING:
    from collections.abc import Mapping

STATS_LOG = "CCACHE_STATSLOG"
"""The file to which ccache 4.5 and newer writes what each compilation was."""
# Debug information names the folder that the compiler ran in, so that ccache keeps objects of two build folders apart.
# CMake gives sources by absolute paths: a debugger finds them from any folder.
_OPTIONS = {"CCACHE_NOHASHDIR": "1"}
# Below it, ccache compares paths without their beginning: the vendored library is the same in every project. LibTorch
# stays outside: it is in one place for projects at different depths.
_BASE = "CCACHE_BASEDIR"
_SETTING = re.compile(r"^\([^)]*\) (cache_dir|temporary_dir|read_only) = (.*)$", re.MULTILINE)
# What the preprocessor makes of LibTorch's headers is 8 MB, for each compiler that runs, in the temporary folder.
_ROOM_MB = 32
_HITS = ("direct_cache_hit", "preprocessed_cache_hit")
_MISS = "cache_miss"


def environment(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that let projects, folders and users share a key for the same source; `root` is the project's."""
    told = {**_OPTIONS, _BASE: str(root)}
    return {name: value for name, value in told.items() if name not in environ}


def problem(program: str, environment: Mapping[str, str]) -> str:
    """Why it cannot be used; empty when it can. ccache would not compile then, it ends with an error."""
    try:
        done = process.run([program, "-p"], env=environment, merge=True, check=False)
    except ToolMissingError as error:
        return error.message
    if done.status:
        return next(iter(done.stdout.strip().splitlines()), f"it ends with status {done.status}")
    settings = dict(_SETTING.findall(done.stdout))
    read_only = settings.pop("read_only", "") == "true"
    names = ("temporary_dir",) if read_only else ("temporary_dir", "cache_dir")
    return next(filter(None, (_unusable(Path(settings[name])) for name in names if name in settings)), "")


def _unusable(folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}"
    return "" if free >= _ROOM_MB else f"{folder} has only {free} MB left"


def counts(log: Path, begin: int = 0) -> tuple[int, int] | None:
    """Hits and misses in the file of STATS_LOG from byte `begin`; None where an old ccache, or none, wrote nothing."""
    if not log.is_file():
        return None
    seen = Counter(log.read_bytes()[begin:].decode(errors="replace").splitlines())
    return sum(seen[name] for name in _HITS), seen[_MISS]
