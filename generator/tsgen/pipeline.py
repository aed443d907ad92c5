"""new, build, test and export: the whole tool on one page. Only this module knows the order of the stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import build as building
from tsgen import (
    files,
    interpreter,
    launcher,
    libtorch,
    lock,
    model,
    ops,
    place,
    presets,
    proof,
    render,
    say,
    toolchain,
    verify,
)
from tsgen.config import Config, load
from tsgen.console import Steps, note
from tsgen.errors import BuildError, ConfigError, ExportError, ParityError, RenderError
from tsgen.types import Outcome, Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.interpreter import Interpreter
    from tsgen.types import Artifact, Build, LibTorch, ParityReport


def new(config: Config, parent: Path, *, force: bool = False, build_it: bool = True) -> Outcome:
    """Render a project into `parent` and, unless told otherwise, resolve, export, build and prove it.

    Until the model is exported everything happens beside the project's place, so a wrong name leaves nothing behind.
    """
    target, steps = parent / config.name, Steps()
    render.check_name(config.name)
    place.refuse_existing(target, force=force)
    with files.writing(target, RenderError), files.staging(target) as stage:
        site = place.Site(root=_render(steps, _shareable(config), stage), home=target)
        if not build_it:
            place.put(site, force=force)
            return _placed(site, steps, config)
        python = _interpreter(config, {})
        found = _resolve(steps, target, config, python)
        artifact = _export(steps, site, config, python, found)
        place.put(site, force=force)
    artifact = replace(artifact, path=target / artifact.path.relative_to(site.root))
    return _compile_and_prove(steps, target, config, python, found, artifact)


def build(root: Path, options: Mapping[str, Any]) -> Outcome:
    """Bring a project up to date with its tsgen.toml and prove it; redo only what is stale."""
    with place.alone_in(root):
        steps, choices = Steps(), presets.read_choices(root)
        config = load(root, choices, options)
        place.require_name(root, config)
        python = _interpreter(config, choices)
        found = _resolve(steps, root, config, python)
        artifact = _export(steps, place.Site(root=root, home=root), config, python, found)
        return _compile_and_prove(steps, root, config, python, found, artifact)


def test(root: Path, options: Mapping[str, Any]) -> Outcome:
    """Prove again what is built, whatever an earlier proof said."""
    with place.alone_in(root):
        steps, choices = Steps(), presets.read_choices(root)
        config = load(root, choices, options)
        found = _resolve(steps, root, config, _interpreter(config, choices))
        project, artifact = Project(name=config.name, root=root), model.read(root / "model")
        _require_locked(root)
        built = building.existing(project, config.build_type)
        model.write_index(artifact, root / "model", config.tolerance)
        report = _prove(steps, built, artifact, found, config, fresh=True)
    libtorch.keep(found, root)
    return _outcome(steps, project, found, artifact, built, report)


def prepare(root: Path, options: Mapping[str, Any]) -> None:
    """Export a project's model when what is there is stale; nothing is compiled, and no LibTorch asked for in vain."""
    with place.alone_in(root):
        choices = presets.read_choices(root)
        config = load(root, choices, options)
        place.require_name(root, config)
        python, locked = _interpreter(config, choices), lock.read(root).get("artifact", {})
        request = model.request_of(config, root)
        if model.freshness(request, locked, root, root / "model", python.torch_version).stale:
            steps = Steps()
            found = _resolve(steps, root, config, python)
            _export(steps, place.Site(root=root, home=root), config, python, found)


def resolve(root: Path, options: Mapping[str, Any], steps: Steps) -> LibTorch:
    """The LibTorch that `build` would take for a project; nothing is built."""
    choices = presets.read_choices(root)
    config = load(root, choices, options)
    return _resolve(steps, root, config, _interpreter(config, choices))


def export(config: Config, folder: Path, *, force: bool = False) -> Outcome:
    """Only the artifact and its cases, in `folder`."""
    steps, here = Steps(), Path.cwd()
    python = _interpreter(config, {})
    if (folder / "model.pt").exists() and not (folder / "manifest.json").exists() and not force:
        raise ConfigError(f"{folder / 'model.pt'} is not one of tsgen's", hint="choose another folder, or add --force")
    with steps("Export") as step, files.writing(folder, ExportError), files.staging(folder) as stage:
        artifact, _ = model.export(model.request_of(config, here), python, stage, [here])
        verify.require_lively(artifact, config.tolerance)
        model.write_index(artifact, stage, config.tolerance)
        artifact = model.install(stage, folder)
        step.done(*say.exported(artifact))
    _notes(artifact)
    return Outcome(artifact=artifact, timings=steps.timings)


def _render(steps: Steps, config: Config, stage: Path) -> Path:
    with steps("Render") as step:
        root = render.project(config, stage)
        step.done(config.name, f"{sum(path.is_file() for path in root.rglob('*'))} files")
    return root


def _interpreter(config: Config, choices: Mapping[str, str]) -> Interpreter:
    return interpreter.find(config.python, choices.get("python"))


def _resolve(steps: Steps, home: Path, config: Config, python: Interpreter) -> LibTorch:
    with steps("Resolve") as step:
        exported_by = python.torch_version or lock.read(home).get("artifact", {}).get("torch_version")
        found = libtorch.resolve(libtorch.wanted(config, home, python, exported_by, lock.pins(home)))
        building.check_folders(home, found)
        step.done(*say.resolved(found))
    return found


def _require_locked(root: Path) -> None:
    """Raises ParityError when model/manifest.json is not what was exported: then the cases prove nothing."""
    if not model.is_the_locked_one(root / "model", lock.read(root).get("artifact", {})):
        raise ParityError(
            "model/manifest.json is not the one that tsgen.lock records, so the cases are not those of the export",
            hint="`tsgen build` exports the model again",
        )


def _export(steps: Steps, site: place.Site, config: Config, python: Interpreter, found: LibTorch) -> Artifact:
    """Export when stale; write what depends on the signature, and the lock."""
    target = site.root / "model"
    request = model.request_of(config, site.home)
    locked = lock.read(site.root).get("artifact", {})
    fresh = model.freshness(request, locked, site.home, target, python.torch_version)
    fresh = replace(fresh, stale=fresh.stale or ops.misfit(target, found.root))
    linked = _operators(steps, site.home, config, python, found) if fresh.stale else []
    exported_by = (python.torch_version if fresh.stale else None) or locked.get("torch_version") or found.version
    with steps("Export") as step, files.writing(target, ExportError):
        direction = libtorch.check_direction(exported_by, found.version, older=config.older_libtorch)
        if fresh.stale:
            _refuse_when_locked(config, fresh.stale)
            with files.staging(target) as stage:
                places = [Path.cwd(), site.home, site.home.parent]
                artifact, sources = model.export(request, python, stage, places, libtorch=found.root, linked=linked)
                verify.require_lively(artifact, config.tolerance)
                locked = model.record(request, [*sources, *ops.sources(site.home)], artifact, site.home)
                artifact = model.install(stage, target)
            step.done(*say.exported(artifact))
        else:
            artifact = model.read(target)
            step.nothing_to_do(*say.exported(artifact))
        model.write_index(artifact, target, config.tolerance)
        render.write_api(artifact, config.name, site.root)
        if not config.locked:
            lock.write(site.root, locked, [found.pin])
    _pin_further(steps, site.root, config, exported_by, found)
    libtorch.keep(found, site.home)
    _notes(artifact, fresh.note, direction)
    return artifact


def _operators(steps: Steps, root: Path, config: Config, python: Interpreter, found: LibTorch) -> list[Path]:
    """The library of the project's own operators, which Python loads for the export."""
    if not ops.sources(root):
        return []
    with steps("Operators") as step, files.writing(root / "build", BuildError):
        building.require_same_torch(found.version, python.torch_version)
        tools = toolchain.find()
        presets.write(root, found, tools, _choices(config, python), launcher.of(config, root))
        library, did = building.compile_operators(Project(name=config.name, root=root), config.build_type, tools)
        (step.done if did else step.nothing_to_do)(library.name)
    return [library]


def _pin_further(steps: Steps, root: Path, config: Config, exported_by: str, found: LibTorch) -> None:
    """Lock the LibTorch of the other platforms that the project names; the index may take its time."""
    if not set(config.platforms) - {found.platform}:
        return
    with steps("Pin") as step, files.writing(root, BuildError):
        known = lock.pins(root)
        pins = list(libtorch.further(config, exported_by, known, here=found.platform))
        if not config.locked:
            lock.write(root, lock.read(root).get("artifact", {}), pins)
        (step.done if set(pins) - set(known) else step.nothing_to_do)(*(pin.platform for pin in pins))


def _refuse_when_locked(config: Config, reason: str) -> None:
    if config.locked:
        raise ExportError(
            f"the model would have to be exported again ({reason}), and --locked keeps the one of tsgen.lock",
            hint="`tsgen build` without --locked, and commit model/ and tsgen.lock",
        )


def _compile_and_prove(
    steps: Steps, root: Path, config: Config, python: Interpreter, found: LibTorch, artifact: Artifact
) -> Outcome:
    project = Project(name=config.name, root=root)
    with steps("Build") as step, files.writing(root / "build", BuildError):
        tools = toolchain.find()
        presets.write(root, found, tools, _choices(config, python), launcher.of(config, root))
        built, did = building.compile_project(project, config.build_type, tools)
        (step.done if did else step.nothing_to_do)(built.compiler, built.generator, config.build_type.capitalize())
    report = _prove(steps, built, artifact, found, config)
    return _outcome(steps, project, found, artifact, built, report)


def _prove(
    steps: Steps, built: Build, artifact: Artifact, found: LibTorch, config: Config, *, fresh: bool = False
) -> ParityReport:
    """Raises ParityError when the proof does not hold; a proof of the same files is not made twice, unless `fresh`."""
    folder = built.executable.parent
    with steps("Prove") as step:
        changed = model.changed_files(artifact.path.parent)
        wanted = proof.key(built, artifact, found, config.tolerance, config.device)
        known = None if fresh or changed else proof.read(folder, wanted)
        if known and not verify.holds_here(known, built, artifact):
            known = None
        report = known or verify.prove(built, artifact, found, config.tolerance, config.device)
        verify.require(report, artifact, changed)
        proof.write(folder, wanted, report)
        (step.nothing_to_do if known else step.done)(*say.proven(report, artifact))
    return report


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


def _choices(config: Config, python: Interpreter) -> dict[str, str]:
    """What only this machine knows; a folder given with --libtorch is kept here, not in a committed file."""
    folder = {"libtorch": config.libtorch} if Path(config.libtorch).is_absolute() else {}
    return {"python": str(python.executable), **folder}


def _shareable(config: Config) -> Config:
    """What may be written to the committed tsgen.toml: there, a folder of this machine is `auto`."""
    return replace(config, libtorch="auto") if libtorch.is_folder(config.libtorch) else config


def _placed(site: place.Site, steps: Steps, config: Config) -> Outcome:
    if libtorch.is_folder(config.libtorch):
        note(f"nothing is built, so the LibTorch folder is not kept: `tsgen build --libtorch {config.libtorch}`")
    return Outcome(project=Project(name=site.home.name, root=site.home), timings=steps.timings)


def _notes(artifact: Artifact, *more: str) -> None:
    for text in (*artifact.notes, *more):
        if text:
            note(text)
