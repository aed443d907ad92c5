"""What a proven leg costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.libtorch.look import loaded
from tsgen.verify.measure import measure_if_it_runs

if TYPE_CHECKING:
    from tsgen import console
    from tsgen.commands.matrix.job import Job
    from tsgen.types import Build, LibTorch, ParityReport
    from tsgen.types.matrix import Measured


def measured_of(made: Build, report: ParityReport, found: LibTorch, job: Job, steps: console.Steps) -> Measured | None:
    """None for a program whose default run does not end well."""
    return measure_if_it_runs(
        steps,
        made,
        job.artifact,
        report,
        python_cold_start=lambda: None if made.emulator else job.python_cold_start.milliseconds(),
        libtorch_bytes=lambda: loaded.size(made.runner, found.root),
    )
