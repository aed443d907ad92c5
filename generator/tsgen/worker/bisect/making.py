"""The watched file as the program takes it: model.pt, its signature, and the cases that call it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from ..artifact import model_file
from ..artifact.signature import EXTRA_FILE
from ..host.files import cannot_write
from ..messages import Case, Problem
from ..operators.shipping import FOLDER
from ..progress import progress
from ..users_code.failures import format_error
from ..values import npy
from . import course as courses
from . import watching

if TYPE_CHECKING:
    from pathlib import Path

    from ..aliases import ScriptModule
    from ..messages.bisection import BisectRequest, Spot
    from .course import Course

KEPT = "kept"
"""The case that asks for what was kept."""
_ENTRY = [
    f"entry\t{watching.METHOD}",
    "output\t\ttuple",
    "output\t0\ttensor\tint64\t2,N",
    *(
        line
        for number, dtype in enumerate(watching.DTYPES, start=1)
        for line in (f"output\t{number}\tlist", f"output\t{number}.*\ttensor\t{dtype}\t?")
    ),
]


def make(request: BisectRequest, course: Course, text: str) -> tuple[tuple[Spot, ...], tuple[Case, ...]]:
    """The watched operators, and the cases that were made. `text`: the file's own signature. Raises Problem."""
    progress("watch the exported file")
    called, left_out = _called(request, course)
    folder = request.export.output
    try:
        names = courses.write(folder / "cases", course)
        _write_kept(folder / "cases" / KEPT, getattr(called, watching.METHOD)())
        if (request.artifact.parent / FOLDER).is_dir():
            shutil.copytree(request.artifact.parent / FOLDER, folder / FOLDER)
    except OSError as error:
        raise cannot_write(folder, error) from error
    module, operators = _watched(request, left_out)  # of one that was called the state may be another
    extra = {**model_file.extra_files(request.artifact), EXTRA_FILE: "\n".join((text.rstrip("\n"), *_ENTRY, ""))}
    model_file.save(module, folder / model_file.NAME, extra)
    cases = [Case(name, method=step.method) for name, step in zip(names, course.steps)]
    return tuple(operators), (*cases, Case(KEPT, method=watching.METHOD))


def _called(request: BisectRequest, course: Course) -> tuple[Any, set[int]]:
    """The watched module after the calls of the course, and the operators whose results no program could hand out."""
    left_out: set[int] = set()
    while True:
        module, _ = _watched(request, left_out)
        _call(module, course)
        unknown = watching.unsaveable(module)
        if not unknown:
            return module, left_out
        left_out |= unknown


def _call(module: ScriptModule, course: Course) -> None:
    """Raises Problem: unwatched, it answered."""
    try:
        for number in range(len(course.steps)):
            course.exported(module, number)
    except RuntimeError as error:
        words = f"the exported file answers, but not when its operators are watched: {format_error(error)}"
        raise Problem("unsupported", words, "`tsgen inspect --graph` shows the operators") from error


def _watched(request: BisectRequest, left_out: set[int]) -> tuple[Any, list[Spot]]:
    module = model_file.load(request.artifact)
    return module, watching.watch(module, request.method or "forward", left_out)


def _write_kept(folder: Path, answer: tuple[Any, ...]) -> None:
    """`output.0` says which operators ran and of which dtype each result is, the others are the results by dtype."""
    folder.mkdir(parents=True)
    npy.write(folder / "output.0.npy", answer[0], "int64")
    for number, dtype in enumerate(watching.DTYPES, start=1):
        for place, value in enumerate(answer[number]):
            npy.write(folder / f"output.{number}.{place}.npy", value, dtype)
