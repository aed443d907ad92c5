"""The model, exported once for each runtime that legs ask for: the project's own, and beside the legs the others."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from tsgen import console, model, runtimes, stages
from tsgen.matrix import results

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.types import Artifact, RuntimeName
    from tsgen.workspace import Workspace

# All that a build reads, but for the model and its header, which the export writes.
_COPIED = ("CMakeLists.txt", "CMakePresets.json", "cmake", "include", "ops", "src", "tests", "third_party")


def refuse_words(config: Config, runtime: RuntimeName) -> None:
    """Raises ConfigError when the project says something that the runtime does not do."""
    runtimes.refuse_words(_config(config, runtime))


def of(work: Workspace, runtime: RuntimeName) -> tuple[Workspace, Artifact]:
    """The project with the model exported for `runtime`; nothing is done twice. Raises TsgenError.

    Another runtime's is a copy of the sources with a model and a header of its own.
    """
    if runtime == work.config.runtime:
        return work, model.read_project(work.root)
    root = results.folder(work.home) / ".runtimes" / runtime
    _copy(work.root, root)
    copy = replace(work, root=root, config=_config(work.config, runtime))
    steps = console.Steps()
    return copy, stages.export(copy, steps, stages.resolve(copy, steps))


def _config(config: Config, runtime: RuntimeName) -> Config:
    """The project's lock, which `locked` holds it to and which pins further platforms, knows its own export alone."""
    if runtime == config.runtime:
        return config
    return replace(config, runtime=runtime, platforms=(), locked=False)


def _copy(project: Path, root: Path) -> None:
    """Files keep their times, so that a leg compiles again only what changed; what the export wrote stays."""
    root.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        source, target = project / name, root / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy2(source, target)
