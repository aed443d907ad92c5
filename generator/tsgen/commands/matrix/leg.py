"""One leg: its LibTorch, its build folder, its proof; whatever goes wrong is its result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen import console, libtorch, stages
from tsgen.build import leg as building
from tsgen.commands.matrix.board import LegConsole
from tsgen.commands.matrix.inputs import digest
from tsgen.commands.matrix.job import request, strategy_of
from tsgen.commands.matrix.measuring import measured_of
from tsgen.errors import TsgenError
from tsgen.matrix import results
from tsgen.matrix.strategies.strategy import Site
from tsgen.system import process
from tsgen.types import system_of
from tsgen.types.matrix import LegResult

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.commands.matrix.job import Job
    from tsgen.matrix.strategies.strategy import Strategy
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
    found = results.kept(job.work.home, planned.leg, digest(planned.leg, job))
    return replace(found, up_to_date=True) if found else None


def run_one(planned: Planned, job: Job) -> LegResult:
    """What came of it, which is kept. Raises TsgenError only when the run was interrupted."""
    folder = results.folder(job.work.home) / planned.name
    folder.mkdir(parents=True, exist_ok=True)
    results.forget(job.work.home, planned.leg)
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
    results.keep(job.work.home, result)
    return result


def _outcome(planned: Planned, job: Job, folder: Path, steps: console.Steps) -> LegResult:
    # Of what is there now: who edits while a leg runs shall see it done again.
    inputs = digest(planned.leg, job)
    base = LegResult(leg=planned.leg, name=planned.name, state="failed", strategy=planned.strategy)
    try:
        made = _work(planned.leg, job, folder, steps)
    except TsgenError as error:
        if process.cancel_token.get().cancelled:
            raise
        console.detail(f"{error.message}\n{error.details}\nhint: {error.hint}")
        return replace(base, reason=error.message, hint=error.hint, parity=getattr(error, "report", None))
    return replace(
        base,
        state=planned.target_state,
        reason=planned.reason,
        facts=made.facts,
        libtorch=made.libtorch.pin,
        compiler=made.compiler,
        parity=made.parity,
        measured=made.measured,
        inputs=inputs,
    )


def _work(leg: Leg, job: Job, folder: Path, steps: console.Steps) -> _Made:
    strategy = strategy_of(leg)
    with steps("Resolve") as step:
        found = libtorch.resolve(request(leg, job))
        step.done(found.version, found.accelerator, found.origin)
    site = Site(leg=leg, libtorch=found, folder=folder, toolchain=job.toolchain)
    built = _built(_order(site, job, strategy), steps, compiles=strategy.NAME != "configure")
    made = _Made(libtorch=found, compiler=built.compiler, facts=strategy.check(site, built.runner))
    libtorch.keep(found, job.work.home)
    if strategy.STATE != "proven":
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
    return stages.prove(job.work.config, steps, built, job.artifact, found, device=device)


def _order(site: Site, job: Job, strategy: Strategy) -> building.Order:
    setup = strategy.set_up(site)
    suffix = ".exe" if system_of(site.leg.platform) == "windows" else ""
    return building.Order(
        project=job.work.project,
        folder=site.build,
        build_type=site.leg.build_type,
        libtorch=site.libtorch,
        toolchain=job.toolchain,
        variables={**job.cache.variables, **setup.variables},
        environment={**job.cache.environment, **setup.environment},
        emulator=setup.emulator,
        parallel=building.cores(job.jobs),
        suffix=suffix,
        tools=strategy.identity(site.leg),
    )
