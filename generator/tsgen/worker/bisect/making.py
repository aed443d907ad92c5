"""The watched file as the program takes it: model.pt, its signature, and the cases that call it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from .. import artifact, npy
from ..artifact import cannot_write
from ..dtypes import known
from ..operators.shipping import FOLDER
from ..progress import progress
from ..signature import EXTRA_FILE
from . import course as courses
from . import watching

if TYPE_CHECKING:
    from pathlib import Path

    from .course import Course
    from .request import BisectRequest

KEPT = "kept"
"""The case that asks for what was kept."""
_ENTRY = "\n".join(
    (
        f"entry\t{watching.METHOD}",
        "output\t\ttuple",
        "output\t0\ttensor\tint64\tN",
        "output\t1\tlist",
        "output\t1.*\ttensor\tfloat32\t?",  # of any dtype: a program checks what it is given, not what it answers
        "",
    )
)


def make(request: BisectRequest, course: Course, text: str) -> dict[str, Any]:
    """What was made, in words. `text`: the file's own signature. Raises Problem."""
    progress("watch the exported file")
    module, operators = _runnable(request, course)
    numbers, values = module.tsgen_watched()
    folder = request.export.output
    try:
        names = courses.write(folder / "cases", course)
        _write_kept(folder / "cases" / KEPT, numbers, values)
        if (request.artifact.parent / FOLDER).is_dir():
            shutil.copytree(request.artifact.parent / FOLDER, folder / FOLDER)
    except OSError as error:
        raise cannot_write(folder, error) from error
    extra = {**artifact.extra_files(request.artifact), EXTRA_FILE: text + _ENTRY}
    artifact.save(module, folder / artifact.NAME, extra)
    return {
        "watched": [vars(operator) for operator in operators],
        "cases": [{"name": name, "method": request.method} for name in names]
        + [{"name": KEPT, "method": watching.METHOD}],
    }


def entry(request: BisectRequest, module: Any) -> Any:
    return getattr(module, request.method) if request.method else module


def _runnable(request: BisectRequest, course: Course) -> tuple[Any, list[watching.Operator]]:
    """The watched module after the calls of the course."""
    left_out: set[int] = set()
    while True:
        module = artifact.load(request.artifact)
        operators = watching.watch(module, request.method or "forward", left_out)
        for number in range(len(course.steps)):
            course.call(entry(request, module), number)
        numbers, values = module.tsgen_watched()
        unknown = {int(number) for number, value in zip(numbers, values) if known(value.dtype) is None}
        if not unknown:
            return module, operators
        left_out |= unknown


def _write_kept(folder: Path, numbers: Any, values: list[Any]) -> None:
    folder.mkdir(parents=True)
    npy.write(folder / "output.0.npy", numbers, "int64")
    for place, value in enumerate(values):
        npy.write(folder / f"output.1.{place}.npy", value, str(known(value.dtype)))
