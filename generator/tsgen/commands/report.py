"""What `tsgen test --report` does: one project as a matrix of one leg, whether its proof holds or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tsgen import __version__, console, drawing, model, stages
from tsgen import build as building
from tsgen.errors import ConfigError, ParityError
from tsgen.libtorch.look import loaded
from tsgen.matrix import results
from tsgen.system import files
from tsgen.types import Outcome, ParityReport
from tsgen.types.matrix import Leg, LegResult, MatrixReport
from tsgen.verify.measure import cold_start_of_python, measure_if_it_runs
from tsgen.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types import Artifact, Build, LibTorch, RuntimeName
    from tsgen.types.matrix import Measured


def write(page: Path, report: MatrixReport) -> None:
    """Raises ConfigError when `page` cannot be written."""
    with files.writing(page, ConfigError, hint="choose another file with --report"):
        files.write_text(page, drawing.matrix_page(report))


def of_outcome(outcome: Outcome, python: Path | None, error: ParityError | None = None) -> MatrixReport:
    """`python` is the interpreter that has torch; `error` is why the proof does not hold."""
    project, found, artifact, built = outcome.project, outcome.libtorch, outcome.artifact, outcome.build
    assert project and found and artifact and built  # noqa: S101, PT018 - what was tested has them all
    leg = Leg(
        platform=found.platform,
        runtime=cast("RuntimeName", artifact.runtime),  # it was built, so it is one
        torch_version=found.version.partition("+")[0],
        accelerator=found.accelerator,
        build_type=built.build_type,
        compiler=built.compiler.rpartition(" ")[0] or built.compiler,
    )
    result = LegResult(
        leg=leg,
        name=leg.name,
        state="failed" if error else "proven",
        strategy="native",
        reason=error.message if error else "",
        hint=error.hint if error else "",
        libtorch=found.pin,
        compiler=built.compiler,
        parity=outcome.parity,
        measured=_measured(built, artifact, found, python, outcome.parity),
        timings=outcome.timings,
        machine=results.machine(),
        date=results.now(),
    )
    return MatrixReport(
        project=project.name,
        model=artifact.model,
        model_sha256=artifact.sha256,
        torch_version=artifact.torch_version,
        tsgen_version=__version__,
        legs=(result,),
    )


def of_failure(root: Path, options: Mapping[str, Any], error: ParityError) -> MatrixReport:
    """The report of a project whose test ended with `error`: what is there, seen again. Raises what is wrong there."""
    work, artifact = Workspace.open(root, options), model.read(root / "model")
    outcome = Outcome(
        project=work.project,
        libtorch=stages.find_libtorch(work, exported_by=artifact.torch_version),
        artifact=artifact,
        build=building.existing(work.project, work.config.build_type),
        parity=error.report if isinstance(error.report, ParityReport) else None,
    )
    return of_outcome(outcome, work.python.executable if work.python.torch else None, error)


def python_of(root: Path, options: Mapping[str, Any]) -> Path | None:
    """The interpreter of the project that has torch, if any."""
    python = Workspace.open(root, options).python
    return python.executable if python.torch else None


def _measured(
    built: Build, artifact: Artifact, found: LibTorch, python: Path | None, report: ParityReport | None
) -> Measured | None:
    """None for a program that did not answer."""
    if not report:
        return None
    return measure_if_it_runs(
        console.Steps(),
        built,
        artifact,
        report,
        python_cold_start=lambda: cold_start_of_python(python, artifact) if python else None,
        libtorch_bytes=lambda: loaded.size(built.runner, found.root),
    )
