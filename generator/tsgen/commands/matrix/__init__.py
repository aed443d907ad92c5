"""What `tsgen matrix` does: plan the legs, run those that run here, merge what ran elsewhere."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tsgen import __version__, console, drawing, model, runtimes, toolchain
from tsgen.commands.matrix import exports, planning, pool
from tsgen.commands.matrix.job import Job, PythonColdStart
from tsgen.commands.matrix.leg import run_one, untouched
from tsgen.config import suggestion
from tsgen.errors import BuildError, ConfigError, TsgenError
from tsgen.matrix import results, systems
from tsgen.project import placement
from tsgen.system import files
from tsgen.toolchain import compile_cache
from tsgen.types.matrix import MatrixPlan, MatrixReport
from tsgen.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tsgen.matrix.systems import Jobs
    from tsgen.types import RuntimeName
    from tsgen.types.matrix import LegResult, Planned


def plan(root: Path, options: Mapping[str, Any], pattern: str = "") -> MatrixPlan:
    """Each leg, and the most that this machine can do with it; nothing is fetched or built.

    Raises ConfigError when no leg's name fits `pattern`.
    """
    work = _workspace(root, options)
    return MatrixPlan(project=work.config.name, legs=_chosen(planning.planned(work), pattern))


def run(root: Path, options: Mapping[str, Any], *, pattern: str = "", jobs: int = 1) -> MatrixReport:
    """Build and prove the legs that run here, `jobs` at a time; the model is exported already.

    A leg that fails stops no other. Those whose inputs are as they were when they last went well are not done again.
    """
    with placement.alone_in(root), files.writing(results.folder(root), BuildError):
        work = _workspace(root, options)
        legs = _chosen(planning.planned(work), pattern)
        of = {each: _job(work, each, jobs) for each in dict.fromkeys(leg.leg.runtime for leg in legs if leg.strategy)}

        def run_leg(each: Planned) -> LegResult:
            job = of[each.leg.runtime]
            return run_one(each, job) if isinstance(job, Job) else pool.failed(each, job)

        def known(each: Planned) -> LegResult | None:
            job = of[each.leg.runtime]
            return untouched(each, job) if isinstance(job, Job) else None

        return _report(work, pool.run(legs, run_leg, known, jobs))


def _workspace(root: Path, options: Mapping[str, Any]) -> Workspace:
    """Raises ConfigError where the project's runtime has no legs."""
    work = Workspace.open(root, options)
    runtimes.refuse_command(work.config, "tsgen matrix")
    return work


def _job(work: Workspace, runtime: RuntimeName, jobs: int) -> Job | TsgenError:
    """What the legs of one runtime share; the error where the model cannot be exported for another than the project's.

    Raises what the project's own export does.
    """
    try:
        of_runtime, artifact = exports.of(work, runtime)
    except TsgenError as error:
        if runtime == work.config.runtime:
            raise
        return error
    model.write_index(artifact, of_runtime.root / "model", work.config.tolerance)
    return Job(
        work=of_runtime,
        artifact=artifact,
        toolchain=toolchain.find(),
        cache=compile_cache.of(work.config, work.root),
        python_cold_start=PythonColdStart(work.python, artifact),
        jobs=jobs,
    )


def jobs_for(root: Path, options: Mapping[str, Any], system: str, pattern: str = "") -> Jobs:
    """What a CI system is told of the legs; tsgen.toml may name its runners."""
    work = Workspace.open(root, options)
    return systems.jobs(system, _chosen(planning.planned(work), pattern), work.config.matrix.runners)


def merge(root: Path, options: Mapping[str, Any], place_of_results: Path) -> MatrixReport:
    """The report of legs that ran on several machines, and of those that ran on none."""
    work = Workspace.open(root, options)
    ran = {result.name: result for result in results.below(place_of_results)}
    legs = planning.planned(work)
    if strangers := set(ran) - {planned.name for planned in legs}:
        console.note(f"left out, since [matrix] has no such leg any more: {', '.join(sorted(strangers))}")
    return _report(work, [ran.get(planned.name) or pool.missing(planned) for planned in legs])


def failures(report: MatrixReport) -> list[LegResult]:
    return [result for result in report.legs if result.state == "failed"]


def _chosen(legs: tuple[Planned, ...], pattern: str) -> tuple[Planned, ...]:
    """A pattern is a whole name, or one with `*` and `?`; a part of a name will do too."""
    if not pattern:
        return legs
    chosen = tuple(each for each in legs if each.name == pattern) or tuple(
        each for each in legs if fnmatchcase(each.name, f"*{pattern}*")
    )
    if not chosen:
        names = [each.name for each in legs]
        raise ConfigError(
            f"--leg: no leg fits `{pattern}`", hint=suggestion(pattern, names) or "`tsgen matrix` shows their names"
        )
    return chosen


def _report(work: Workspace, done: Iterable[LegResult]) -> MatrixReport:
    locked = work.locked_artifact
    report = MatrixReport(
        project=work.config.name,
        model=work.config.model,
        model_sha256=locked.get("sha256", ""),
        torch_version=locked.get("torch_version", ""),
        tsgen_version=__version__,
        legs=tuple(done),
    )
    written = results.write_report(work.root, report)
    files.write_text(written.with_name(results.PAGE), drawing.matrix_page(report))
    return report
