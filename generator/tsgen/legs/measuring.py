"""What a proven leg costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.errors import TsgenError
from tsgen.libtorch import loaded
from tsgen.verify.measure import measure

if TYPE_CHECKING:
    from tsgen import console
    from tsgen.legs.job import Job
    from tsgen.types import Build, LibTorch, ParityReport
    from tsgen.types.matrix import Measured


def measured_of(made: Build, report: ParityReport, found: LibTorch, job: Job, steps: console.Steps) -> Measured | None:
    """None for a program whose default run does not end well, as when the model does not take ones: it is proven."""
    with steps("Measure") as step:
        try:
            size = loaded.size(made.executable, found.root)
            cold = None if made.emulator else job.python_cold_start.milliseconds()
            found_out = measure(made, job.artifact, report, python_cold_start=cold, libtorch_bytes=size)
        except TsgenError as error:
            step.done(error.message)
            return None
        step.done(f"{found_out.cold_start_milliseconds:.0f} ms to the first answer")
    return found_out
