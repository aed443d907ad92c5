"""resolve, export, compile and prove: each as every command runs it, with what it says and what it writes down."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tsgen import build as building
from tsgen import libtorch, model, operators, render, verify
from tsgen.console import note, summaries
from tsgen.errors import BuildError, ExportError, TsgenError
from tsgen.project import lock, proof_cache, user_presets, vendored_library
from tsgen.runtimes import RUNTIMES
from tsgen.system import files
from tsgen.toolchain import compile_cache, trial

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tsgen.build.ahead import Ahead
    from tsgen.config import Config
    from tsgen.console import Steps
    from tsgen.model import Freshness
    from tsgen.toolchain import Toolchain
    from tsgen.types import Artifact, Build, Device, Float64, LibTorch, ParityReport
    from tsgen.workspace import Workspace


def require_tools(work: Workspace) -> None:
    """What a later step starts is here and works: found out before the first that takes long. Raises ToolMissingError.

    A build folder that was configured with the same compiler vouches for that.
    """
    _ = work.tools
    if not building.is_configured(work.project, work.config.build_type):
        trial.require_working(work.root)
    libtorch.require_pip(work.config, lock.pins(work.home))


def resolve(work: Workspace, steps: Steps, *, exported_by: str | None = None) -> LibTorch:
    """The LibTorch that the project takes on this machine, as `find_libtorch` finds it. Raises LibTorchError."""
    with steps("Resolve") as step:
        found = find_libtorch(work, exported_by=exported_by)
        building.check_folders(work.home, found)
        step.done(*summaries.resolved(found))
    return found


def find_libtorch(work: Workspace, *, exported_by: str | None = None) -> LibTorch:
    """`exported_by`: the torch version of the model that stays, else of the one that is or will be exported.

    Raises LibTorchError.
    """
    version = exported_by or work.python.torch_version or work.locked_artifact.get("torch_version")
    pins = lock.pins(work.home, required=work.config.locked)
    return libtorch.resolve(libtorch.wanted(work.config, work.home, work.python, version, pins))


def freshness(work: Workspace) -> Freshness:
    """Whether the model that is there is the one that an export would give."""
    request, folder = model.request_of(work.config, work.home), work.root / "model"
    return model.freshness(request, work.locked_artifact, work.home, folder, work.python.torch_version)


def export(work: Workspace, steps: Steps, found: LibTorch, early: Ahead | None = None) -> Artifact:
    """Export when stale, with `early` at work beside it; write what depends on the signature, and the lock."""
    target, config = work.root / "model", work.config
    locked, fresh = work.locked_artifact, freshness(work)
    fresh = replace(fresh, stale=fresh.stale or operators.misfit(target, found.root))
    linked = _operators(work, steps, found) if fresh.stale else []
    exported_by = (work.python.torch_version if fresh.stale else None) or locked.get("torch_version") or found.version
    with steps("Export") as step, files.writing(target, ExportError):
        RUNTIMES[config.runtime].check_libtorch(found.version, exported_by)
        direction = libtorch.check_direction(exported_by, found.version, older=config.older_libtorch)
        if fresh.stale:
            model.refuse_when_locked(fresh, locked=config.locked)
            with files.staging(target) as stage, _beside(early, work, found):
                artifact, locked = _exported(work, found, linked, stage)
                artifact = model.install(stage, target, artifact)
            model.keep_times(artifact, work.root)
            step.done(*summaries.exported(artifact))
        else:
            artifact = model.read_project(work.root)
            model.require_movable(artifact, config.device)
            step.nothing_to_do(*summaries.exported(artifact))
        _write_down(work, artifact, locked, found)
    _pin_further(work, steps, exported_by, found)
    libtorch.keep(found, work.home)
    heavy = summaries.heavy(artifact, lfs=config.lfs) if fresh.stale else ""
    tell((*artifact.notes, model.unchecked(artifact, config.device), fresh.note, direction, heavy))
    return artifact


def compile_project(
    work: Workspace,
    steps: Steps,
    found: LibTorch,
    early: Ahead | None = None,
    *,
    choices: Mapping[str, str] | None = None,
) -> Build:
    """Raises BuildError, also one that `early` met. `choices`: what to remember of this machine, as `write_presets`."""
    with steps("Build") as step, files.writing(work.root / "build", BuildError):
        did_before = early.finish() if early else False
        tools = write_presets(work, found, choices)
        built, did = building.compile_project(work.project, work.config.build_type, tools)
        told = step.done if did or did_before else step.nothing_to_do
        told(built.compiler, built.generator, work.config.build_type.capitalize())
    return built


def prove(
    config: Config,
    steps: Steps,
    built: Build,
    artifact: Artifact,
    found: LibTorch,
    *,
    device: Device | None = None,
    unless_known: bool = False,
    float64: Float64 | None = None,
    words: Iterable[str] = (),
) -> ParityReport:
    """Raises ParityError when the proof does not hold. With `unless_known`, one of the same files is not made twice.

    `float64` is what `float64_of` gave. `device` is another one than the project's; `words` are said before what was
    proven.
    """
    folder, device = built.runner.parent, device or config.device
    model.require_movable(artifact, device)
    with steps("Prove") as step:
        changed = model.changed_files(artifact.path.parent)
        wanted = proof_cache.key(built, artifact, found, config.tolerance, device)
        known = proof_cache.read(folder, wanted) if unless_known and not changed else None
        if known and not verify.holds_here(known, built, artifact):
            known = None
        report = known or verify.prove(built, artifact, found, config.tolerance, device, float64)
        verify.require(report, artifact, changed)
        proof_cache.write(folder, wanted, report)
        (step.nothing_to_do if known else step.done)(*words, *summaries.proven(report, artifact))
    return report


def float64_of(work: Workspace, steps: Steps, artifact: Artifact, folder: Path) -> Float64 | None:
    """What eager Python answers in float64, in the empty `folder`; None, and told, where it cannot be asked.

    An export whose runtime is judged by that has it beside its cases already.
    """
    if artifact.floors:
        return None
    with steps("Float64") as step:
        library = building.operator_library(work.project, work.config.build_type)
        linked = [library] if operators.sources(work.root) else []
        request = model.request_of(work.config, work.root)
        try:
            known = model.float64_of(
                request, work.python, artifact, folder, search_path=work.search_path, linked=linked
            )
        except TsgenError as trouble:
            step.done(f"not known: {trouble.message}")
            return None
        step.done(*summaries.float64(known))
    return known


def write_presets(work: Workspace, found: LibTorch, choices: Mapping[str, str] | None = None) -> Toolchain:
    """The tools that compile, written down for CMake, with what later commands are to remember of this machine."""
    with files.writing(work.root, BuildError):
        chosen = user_presets.choices(work.config, work.python) if choices is None else choices
        user_presets.write(work.root, found, work.tools, chosen, compile_cache.of(work.config, work.root))
    return work.tools


def tell(notes: Iterable[str]) -> None:
    """Each that is not empty."""
    for text in filter(None, notes):
        note(text)


def _exported(work: Workspace, found: LibTorch, linked: list[Path], stage: Path) -> tuple[Artifact, lock.Exported]:
    """Into the empty folder `stage`; the second is what tsgen.lock records of it."""
    request = model.request_of(work.config, work.home)
    artifact, sources = model.export(request, work.python, stage, work.search_path, libtorch=found.root, linked=linked)
    model.require_movable(artifact, work.config.device)
    verify.require_lively(artifact, work.config.tolerance)
    return artifact, model.record(request, [*sources, *operators.sources(work.home)], artifact, work.home)


def _write_down(work: Workspace, artifact: Artifact, locked: lock.Exported, found: LibTorch) -> None:
    model.write_index(artifact, artifact.path.parent, work.config.tolerance)
    render.write_api(artifact, work.config.name, work.root)
    if not work.config.locked:
        library = vendored_library.to_record(vendored_library.look(work.root, render.library()))
        lock.write(work.root, locked, [found.pin], vendored=library)


def _beside(early: Ahead | None, work: Workspace, found: LibTorch) -> AbstractContextManager[None]:
    if not early or RUNTIMES[work.config.runtime].depends_on_model:
        return nullcontext()
    return early.beside(work.project, work.config.build_type, partial(write_presets, work, found))


def _operators(work: Workspace, steps: Steps, found: LibTorch) -> list[Path]:
    """The library of the project's own operators, which Python loads for the export."""
    if not operators.sources(work.root):
        return []
    RUNTIMES[work.config.runtime].refuse_operators()
    with steps("Operators") as step, files.writing(work.root / "build", BuildError):
        building.require_same_torch(found.version, work.python.torch_version)
        tools = write_presets(work, found)
        library, did = building.compile_operators(work.project, work.config.build_type, tools)
        (step.done if did else step.nothing_to_do)(library.name)
    return [library]


def _pin_further(work: Workspace, steps: Steps, exported_by: str, found: LibTorch) -> None:
    """Lock the LibTorch of the other platforms that the project names; the index may take its time."""
    config, root = work.config, work.root
    if not set(config.platforms) - {found.platform}:
        return
    with steps("Pin") as step, files.writing(root, BuildError):
        known = lock.pins(root)
        pins = list(libtorch.further(config, exported_by, known, here=found.platform))
        if not config.locked:
            lock.write(root, lock.read(root).artifact, pins)
        (step.done if set(pins) - set(known) else step.nothing_to_do)(*(pin.platform for pin in pins))
