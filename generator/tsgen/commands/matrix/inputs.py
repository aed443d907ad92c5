"""All that the result of a leg depends on, as one digest: where it is the same, the leg need not be done again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tsgen import __version__
from tsgen.commands.matrix.job import strategy_of
from tsgen.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.commands.matrix.job import Job
    from tsgen.types.matrix import Leg

# All that a build reads; the manifest vouches for the files of the model.
_SOURCES = (
    *("CMakeLists.txt", "CMakePresets.json", "cmake", "src", "include", "tests", "ops", "third_party"),
    "model/manifest.json",
)


def digest(leg: Leg, job: Job) -> str:
    config = job.work.config
    sources = {path.as_posix(): files.sha256(job.work.root / path) for path in _source_files(job.work.root)}
    return files.digest_of(
        {
            "tsgen": __version__,
            "leg": asdict(leg),
            "sources": sources,
            "tools": strategy_of(leg).identity(leg),
            "cmake": job.toolchain.cmake.version,
            "libtorch": [config.libtorch, str(job.work.python.torch), job.work.python.torch_version, config.device],
            "tolerance": {dtype: asdict(limits) for dtype, limits in config.tolerance.items()},
        }
    )


def _source_files(root: Path) -> list[Path]:
    places = [root / name for name in _SOURCES]
    found = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    return sorted(path.relative_to(root) for path in found)
