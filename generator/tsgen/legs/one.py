"""One leg: its LibTorch, its build folder, its proof; whatever goes wrong is its result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen import console, libtorch, process, verify
from tsgen.build import leg as building
from tsgen.errors import TsgenError
from tsgen.legs.board import LegConsole
from tsgen.legs.inputs import digest
from tsgen.legs.job import request, way_of
from tsgen.legs.measuring import measured_of
from tsgen.matrix import results
from tsgen.matrix.ways.way import Site
from tsgen.types import Project
from tsgen.types.matrix import LegResult

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.legs.job import Job
    from tsgen.matrix.ways.way import Way
    from tsgen.types import Build, Device, LibTorch, ParityReport
    from tsgen.types.matrix import Leg, Measured, Planned


@dataclass(frozen=True, kw_only=True)
class _Made:
    libtorch: LibTorch
    compiler: str
    facts: tuple[str, ...]
    parity: ParityReport | None = None
    measured: Measured | None = None


def untouched(planned: Planned, job: Job) -> LegResult | None:
    """The result of an earlier run of the same inputs."""
    found = results.kept(job.root, planned.leg, digest(planned.leg, job))
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
    # Of what is there now: who edits while a leg runs shall see it done again.
    inputs = digest(planned.leg, job)
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
        inputs=inputs,
    )


def _work(leg: Leg, job: Job, folder: Path, steps: console.Steps) -> _Made:
    way = way_of(leg)
    with steps("Resolve") as step:
        found = libtorch.resolve(request(leg, job))
        step.done(found.version, found.accelerator, found.origin)
    site = Site(leg=leg, libtorch=found, folder=folder, toolchain=job.toolchain)
    built = _built(_order(site, job, way), steps, compiles=way.NAME != "configure")
    made = _Made(libtorch=found, compiler=built.compiler, facts=way.check(site, built.executable))
    libtorch.keep(found, job.root)
    if way.STATE != "proven":
        return made
    report = _proven(built, found, leg, job, steps)
    return replace(made, parity=report, measured=measured_of(built, report, found, job, steps))


def _built(order: building.Order, steps: console.Steps, *, compiles: bool) -> Build:
    with steps("Configure") as step:
        built = building.configure(order)
        step.done(built.compiler)
    if compiles:
        with steps("Build") as step:
            built = building.compile_it(order)
            step.done(built.compiler)
    return built


def _proven(built: Build, found: LibTorch, leg: Leg, job: Job, steps: console.Steps) -> ParityReport:
    """Raises ParityError. A leg is proven on the device that it is for, whatever the project's own one is."""
    device: Device = "cpu" if leg.accelerator == "cpu" else "cuda"
    with steps("Prove") as step:
        report = verify.prove(built, job.artifact, found, job.config.tolerance, device)
        verify.require(report, job.artifact, [])
        step.done(report.demand)
    return report


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
