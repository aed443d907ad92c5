"""One leg: its LibTorch, its build folder, its proof; whatever goes wrong is its result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from tsgen import __version__, console, files, libtorch, process, verify
from tsgen.build import leg as building
from tsgen.errors import TsgenError
from tsgen.legs.board import LegConsole
from tsgen.libtorch import loaded
from tsgen.matrix import results, ways
from tsgen.matrix.ways.way import Site
from tsgen.types import LibTorchRequest, Project
from tsgen.types.matrix import LegResult
from tsgen.verify.measure import measure

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.interpreter import Interpreter
    from tsgen.launcher import Launcher
    from tsgen.matrix.ways.way import Way
    from tsgen.toolchain import Toolchain
    from tsgen.types import Artifact, LibTorch, ParityReport
    from tsgen.types.matrix import Leg, Measured, Planned

# All that a build reads; the manifest vouches for the files of the model.
_SOURCES = ("CMakeLists.txt", "CMakePresets.json", "cmake", "src", "include", "tests", "ops", "model/manifest.json")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What all legs of a run share."""

    root: Path
    config: Config
    python: Interpreter
    artifact: Artifact
    toolchain: Toolchain
    cache: Launcher
    jobs: int
    """Legs at a time."""


@dataclass(frozen=True, kw_only=True)
class _Made:
    libtorch: LibTorch
    compiler: str
    facts: tuple[str, ...]
    parity: ParityReport | None = None
    measured: Measured | None = None


def untouched(planned: Planned, job: Job) -> LegResult | None:
    """The result of an earlier run of the same inputs."""
    found = results.kept(job.root, planned.leg, _inputs(planned.leg, job))
    return replace(found, up_to_date=True) if found else None


def run_one(planned: Planned, job: Job) -> LegResult:
    """What came of it, which is kept. Raises TsgenError only when the run was interrupted."""
    folder = results.folder(job.root) / planned.name
    folder.mkdir(parents=True, exist_ok=True)
    results.forget(job.root, planned.leg)
    steps = console.Steps()
    with LegConsole.opened(planned.name, folder / results.LOG):
        result = _outcome(planned, job, folder, steps)
    result = replace(
        result,
        timings=steps.timings,
        machine=results.machine(),
        date=results.now(),
        log=f"{planned.name}/{results.LOG}",
    )
    results.keep(job.root, result)
    return result


def _outcome(planned: Planned, job: Job, folder: Path, steps: console.Steps) -> LegResult:
    base = LegResult(leg=planned.leg, name=planned.name, state="failed", way=planned.way)
    try:
        made = _work(planned.leg, job, folder, steps)
    except TsgenError as error:
        if process.leash.get().pulled:
            raise
        console.detail(f"{error.message}\n{error.details}\nhint: {error.hint}")
        return replace(base, reason=error.message, hint=error.hint, parity=getattr(error, "report", None))
    return replace(
        base,
        state=planned.aim,
        reason=planned.reason,
        facts=made.facts,
        libtorch=made.libtorch.pin,
        compiler=made.compiler,
        parity=made.parity,
        measured=made.measured,
        inputs=_inputs(planned.leg, job),
    )


def _work(leg: Leg, job: Job, folder: Path, steps: console.Steps) -> _Made:
    way = _way(leg)
    with steps("Resolve") as step:
        found = libtorch.resolve(_request(leg, job))
        step.done(found.version, found.accelerator, found.origin)
    site = Site(leg=leg, libtorch=found, folder=folder, toolchain=job.toolchain)
    order = _order(site, job, way)
    with steps("Configure") as step:
        made = building.configure(order)
        step.done(made.compiler)
    if way.NAME != "configure":
        with steps("Build") as step:
            made = building.compile_it(order)
            step.done(made.compiler)
    checked = _Made(libtorch=found, compiler=made.compiler, facts=way.check(site, made.executable))
    libtorch.keep(found, job.root)
    if way.STATE != "proven":
        return checked
    with steps("Prove") as step:
        report = verify.prove(made, job.artifact, found, job.config.tolerance, job.config.device)
        verify.require(report, job.artifact, [])
        python = job.python.executable if way.NAME == "native" and job.python.torch else None
        size = loaded.size(made.executable, found.root)
        measured = measure(made, job.artifact, report, python=python, libtorch_bytes=size)
        step.done(report.demand)
    return replace(checked, parity=report, measured=measured)


def _order(site: Site, job: Job, way: Way) -> building.Order:
    setup = way.set_up(site)
    suffix = ".exe" if site.leg.platform.startswith("windows") else ""
    return building.Order(
        project=Project(name=job.config.name, root=job.root),
        folder=site.build,
        build_type=site.leg.build_type,
        libtorch=site.libtorch,
        toolchain=job.toolchain,
        variables={**job.cache.variables, **setup.variables},
        environment={**job.cache.environment, **setup.environment},
        emulator=setup.emulator,
        parallel=building.cores(job.jobs),
        program=job.config.name + suffix,
        tools=way.identity(site.leg),
    )


def _way(leg: Leg) -> Way:
    way = ways.for_leg(leg, libtorch.host_platform())
    if not way:
        raise TsgenError(f"{leg.name} was planned to run here, and cannot", hint="report it")
    return way


def _request(leg: Leg, job: Job) -> LibTorchRequest:
    """The installed torch will do for a leg of its version; one for CUDA also for the CPU, unless that was named."""
    here = leg.platform == libtorch.host_platform()
    asked = job.config.matrix.accelerator or job.config.accelerator
    word = job.config.libtorch
    return LibTorchRequest(
        libtorch=word if here and not libtorch.is_folder(word) else "auto",
        platform=leg.platform,
        build_type=leg.build_type,
        torch=job.python.torch if here else None,
        version=leg.torch_version,
        accelerator=None if here and not asked and leg.accelerator == "cpu" else leg.accelerator,
        offline=job.config.offline,
    )


def _inputs(leg: Leg, job: Job) -> str:
    """A digest of all that the result depends on."""
    config = job.config
    sources = {path.as_posix(): files.sha256(job.root / path) for path in _source_files(job.root)}
    return files.digest_of(
        {
            "tsgen": __version__,
            "leg": asdict(leg),
            "sources": sources,
            "tools": _way(leg).identity(leg),
            "cmake": job.toolchain.cmake.version,
            "libtorch": [config.libtorch, str(job.python.torch), job.python.torch_version, config.device],
            "tolerance": {dtype: asdict(limits) for dtype, limits in config.tolerance.items()},
        }
    )


def _source_files(root: Path) -> list[Path]:
    places = [root / name for name in _SOURCES]
    found = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    return sorted(path.relative_to(root) for path in found)
