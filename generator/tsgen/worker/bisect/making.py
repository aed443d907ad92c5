"""The watched file as the program takes it: model.pt, its signature, and the cases that call it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from .. import artifact, npy
from ..artifact import cannot_write
from ..failures import said
from ..operators.shipping import FOLDER
from ..progress import progress
from ..protocol import Problem
from ..signature import EXTRA_FILE
from . import course as courses
from . import watching

if TYPE_CHECKING:
    from pathlib import Path

    from .course import Course
    from .request import BisectRequest

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


def make(request: BisectRequest, course: Course, text: str) -> dict[str, Any]:
    """What was made, in words. `text`: the file's own signature. Raises Problem."""
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
    extra = {**artifact.extra_files(request.artifact), EXTRA_FILE: "\n".join((text.rstrip("\n"), *_ENTRY, ""))}
    artifact.save(module, folder / artifact.NAME, extra)
    return {
        "dtypes": list(watching.DTYPES),
        "watched": [vars(operator) for operator in operators],
        "cases": [{"name": name, "method": request.method} for name in names]
        + [{"name": KEPT, "method": watching.METHOD}],
    }


def entry(request: BisectRequest, module: Any) -> Any:
    return getattr(module, request.method) if request.method else module


def _called(request: BisectRequest, course: Course) -> tuple[Any, set[int]]:
    """The watched module after the calls of the course, and the operators whose results no program could hand out."""
    left_out: set[int] = set()
    while True:
        module, _ = _watched(request, left_out)
        _call(request, module, course)
        unknown = watching.unsaveable(module)
        if not unknown:
            return module, left_out
        left_out |= unknown


def _call(request: BisectRequest, module: Any, course: Course) -> None:
    """Raises Problem: unwatched, it answered."""
    try:
        for number in range(len(course.steps)):
            course.exported(entry(request, module), number)
    except RuntimeError as error:
        words = f"the exported file answers, but not when its operators are watched: {said(error)}"
        raise Problem("unsupported", words, "`tsgen inspect --graph` shows the operators") from error


def _watched(request: BisectRequest, left_out: set[int]) -> tuple[Any, list[watching.Operator]]:
    module = artifact.load(request.artifact)
    return module, watching.watch(module, request.method or "forward", left_out)


def _write_kept(folder: Path, answer: tuple[Any, ...]) -> None:
    """`output.0` says which operators ran and of which dtype each result is, the others are the results by dtype."""
    folder.mkdir(parents=True)
    npy.write(folder / "output.0.npy", answer[0], "int64")
    for number, dtype in enumerate(watching.DTYPES, start=1):
        for place, value in enumerate(answer[number]):
            npy.write(folder / f"output.{number}.{place}.npy", value, dtype)
