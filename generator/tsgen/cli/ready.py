"""The last line of a command that ended well."""

from __future__ import annotations

import os.path
import shlex
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.cli import output

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Outcome

_ALL = {"export", "build", "prove"}


def announce(outcome: Outcome, *, as_json: bool, page: Path | None = None) -> None:
    """`page`: the report that was written."""
    if as_json:
        output.document(outcome)
        return
    project, built = outcome.project, outcome.build
    assert project  # noqa: S101 - every command that ends here has one
    folder = shlex.quote(os.path.relpath(project.root))
    if not built:
        console.line(f"  {project.name} is rendered:  tsgen build {folder}")
        return
    change = f"cd {folder} && " if folder != "." else ""
    program = shlex.quote(f"./{(built.executable or built.runner).relative_to(project.root).as_posix()}")
    state = "is up to date, nothing to do" if set(outcome.up_to_date) >= _ALL else "is ready"
    console.line(f"  {project.name} {state}:  {change}{program}")
    if page:
        console.line(f"  the report:  {page}")
