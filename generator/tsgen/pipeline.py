"""new, build, test and export: the whole tool on one page. Only this module knows the order of the stages."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import build as building
from tsgen import libtorch, model, render, runtimes, stages, verify
from tsgen.build.ahead import Ahead
from tsgen.console import Steps, note, summaries
from tsgen.errors import ConfigError, ExportError, RenderError
from tsgen.project import placement, vendored_library
from tsgen.system import files, stat_cache
from tsgen.toolchain import interpreter
from tsgen.types import Outcome, Project
from tsgen.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config
    from tsgen.types import Artifact, Build, LibTorch, ParityReport


def new(config: Config, parent: Path, *, force: bool = False, build_it: bool = True) -> Outcome:
    """Render a project into `parent` and, unless told otherwise, resolve, export, build and prove it.

    A wrong name leaves nothing behind, and over an existing project nothing is put before the model is exported.
    """
    target, steps = parent / config.name, Steps()
    render.check_name(config.name)
    runtimes.refuse_words(config)
    placement.refuse_existing(target, force=force)
    with files.writing(target, RenderError), files.staging(target) as stage:
        root = _render(steps, _shareable(config), stage)
        if not build_it:
            placement.put(root, target, force=force)
            return _placed(target, steps, config)
        draft = Workspace(root=root, home=target, config=config, python=interpreter.find(config.python))
        trial = placement.Trial(target)
        with stat_cache.of_machine():
            stages.require_tools(draft)
            found = stages.resolve(draft, steps)
        exported = stages.export(draft, steps, found) if trial.over_existing else None
        placement.put(root, target, force=force)
    work = replace(draft, root=target)
    with trial, placement.alone_in(target), stat_cache.of(target), Ahead() as early:
        if exported:
            artifact = replace(exported, path=target / exported.path.relative_to(root))
        else:
            artifact = stages.export(work, steps, found, early)
        trial.passed()
        return _compile_and_prove(work, steps, found, artifact, early)


def build(root: Path, options: Mapping[str, Any]) -> Outcome:
    """Bring a project up to date with its tsgen.toml and prove it; redo only what is stale."""
    with placement.alone_in(root), stat_cache.of(root), Ahead() as early:
        steps, work = Steps(), Workspace.open(root, options)
        stat_cache.distrust(when=work.config.locked)
        placement.require_name(root, work.config)
        vendored_library.heed(vendored_library.look(root, render.library()), locked=work.config.locked)
        stages.require_tools(work)
        found = stages.resolve(work, steps)
        artifact = stages.export(work, steps, found, early)
        return _compile_and_prove(work, steps, found, artifact, early)


def test(root: Path, options: Mapping[str, Any], *, against_float64: bool = False) -> Outcome:  # noqa: PT028 - none of pytest's
    """Prove again what is built, whatever an earlier proof said.

    `against_float64`: also how far program and Python lie from what Python answers in float64, asked of the model.
    """
    with placement.alone_in(root), tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        steps, work = Steps(), Workspace.open(root, options)
        found = stages.resolve(work, steps)
        artifact = model.read_project(root)
        model.require_locked(root / "model", work.locked_artifact)
        built = building.existing(work.project, work.config.build_type)
        model.write_index(artifact, root / "model", work.config.tolerance)
        known = stages.float64_of(work, steps, artifact, Path(folder)) if against_float64 else None
        report = stages.prove(work.config, steps, built, artifact, found, float64=known)
    libtorch.keep(found, root)
    return _outcome(steps, work.project, found, artifact, built, report)


def prepare(root: Path, options: Mapping[str, Any]) -> None:
    """Export a project's model when what is there is stale; nothing is compiled, and no LibTorch asked for in vain."""
    with placement.alone_in(root):
        work = Workspace.open(root, options)
        placement.require_name(root, work.config)
        if stages.freshness(work).stale:
            steps = Steps()
            stages.require_tools(work)
            stages.export(work, steps, stages.resolve(work, steps))


def resolve(root: Path, options: Mapping[str, Any], steps: Steps) -> LibTorch:
    """The LibTorch that `build` would take for a project; nothing is built."""
    return stages.resolve(Workspace.open(root, options), steps)


def export(config: Config, folder: Path, *, force: bool = False) -> Outcome:
    """Only the artifact and its cases, in `folder`."""
    runtimes.refuse_words(config)
    steps, here = Steps(), Path.cwd()
    python = interpreter.find(config.python)
    theirs = runtimes.model_files(folder) if not (folder / "manifest.json").exists() else []
    if theirs and not force:
        raise ConfigError(f"{theirs[0]} is not one of tsgen's", hint="choose another folder, or add --force")
    with steps("Export") as step, files.writing(folder, ExportError), files.staging(folder) as stage:
        artifact, _ = model.export(model.request_of(config, here, alone=True), python, stage, [here])
        verify.require_lively(artifact, config.tolerance)
        model.write_index(artifact, stage, config.tolerance)
        artifact = model.install(stage, folder, artifact)
        step.done(*summaries.exported(artifact))
    stages.tell(artifact.notes)
    return Outcome(artifact=artifact, timings=steps.timings)


def _render(steps: Steps, config: Config, stage: Path) -> Path:
    with steps("Render") as step:
        root = render.project(config, stage)
        theirs = [path for path in root.rglob("*") if path.is_file() and "third_party" not in path.parts]
        step.done(config.name, f"{len(theirs)} files and third_party/tsgen")
    return root


def _compile_and_prove(work: Workspace, steps: Steps, found: LibTorch, artifact: Artifact, early: Ahead) -> Outcome:
    built = stages.compile_project(work, steps, found, early)
    report = stages.prove(work.config, steps, built, artifact, found, unless_known=True)
    return _outcome(steps, work.project, found, artifact, built, report)


def _outcome(
    steps: Steps, project: Project, found: LibTorch, artifact: Artifact, built: Build, report: ParityReport
) -> Outcome:
    return Outcome(
        project=project,
        libtorch=found,
        artifact=artifact,
        build=built,
        parity=report,
        timings=steps.timings,
        up_to_date=tuple(steps.up_to_date),
    )


def _shareable(config: Config) -> Config:
    """What may be written to the committed tsgen.toml: there, a folder of this machine is `auto`."""
    return replace(config, libtorch="auto") if libtorch.is_folder(config.libtorch) else config


def _placed(target: Path, steps: Steps, config: Config) -> Outcome:
    if libtorch.is_folder(config.libtorch):
        note(f"nothing is built, so the LibTorch folder is not kept: `tsgen build --libtorch {config.libtorch}`")
    return Outcome(project=Project(name=target.name, root=target), timings=steps.timings)
