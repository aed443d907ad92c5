"""The proof of a project as it stands: compile what is there, replay the cases. Nothing is exported, however stale.

So an update needs no torch and not the model's Python; `tsgen build` exports when that is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tsgen import build as building
from tsgen import model, stages
from tsgen.errors import BuildError, ParityError
from tsgen.project import lock, user_presets
from tsgen.system import files
from tsgen.types import Build
from tsgen.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.console import Steps
    from tsgen.types import Artifact, LibTorch, ParityReport


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A project with its model and the LibTorch that it is built with."""

    work: Workspace
    libtorch: LibTorch
    artifact: Artifact

    @property
    def choices(self) -> Mapping[str, str]:
        """A Python that was named for this update only, perhaps without torch, is not the one to export with later."""
        now, before = user_presets.choices(self.work.config, self.work.python), self.work.choices
        return {**before, **now, "python": before.get("python", now["python"])}


def opened(root: Path, options: Mapping[str, Any], steps: Steps) -> Exported | None:
    """None for a project whose model is not exported yet: there is nothing to prove."""
    if not (root / "model" / "manifest.json").is_file():
        return None
    work, artifact = Workspace.open(root, options), model.read_project(root)
    found = stages.resolve(work, steps, exported_by=artifact.torch_version)
    return Exported(work=work, libtorch=found, artifact=artifact)


def prove(given: Exported, steps: Steps, words: str) -> tuple[Build, ParityReport]:
    """Raises BuildError or ParityError. `words` are said with the proof."""
    work = given.work
    with files.writing(work.root / "build", BuildError):
        model.write_index(given.artifact, work.root / "model", work.config.tolerance)
    built = stages.compile_project(work, steps, given.libtorch, choices=given.choices)
    return built, _proven(given, built, steps, words)


def prove_first_format(given: Exported, steps: Steps, words: str) -> ParityReport:
    """Prove a project of tsgen 0.1.0 by the program it built, which was its own runner. Raises ParityError."""
    project, build_type = given.work.project, given.work.config.build_type
    folder = building.build_folder(project, build_type)
    program = folder / building.runner(project, build_type).name.replace("-runner", "")
    if not program.is_file():
        raise ParityError(f"{program} is not built")
    built = Build(executable=program, runner=program, compiler="", generator="Ninja", build_type=build_type, cmake="")
    return _proven(given, built, steps, words)


def _proven(given: Exported, built: Build, steps: Steps, words: str) -> ParityReport:
    root = given.work.root
    if not model.is_the_locked_one(root / "model", given.work.locked_artifact):
        raise ParityError(f"model/manifest.json is not the one that {lock.FILE_NAME} records", hint="run `tsgen build`")
    return stages.prove(given.work.config, steps, built, given.artifact, given.libtorch, words=[words])
