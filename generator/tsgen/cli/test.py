from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tsgen import pipeline
from tsgen.cli import options, output
from tsgen.cli.bisect_text import tell
from tsgen.cli.ready import announce
from tsgen.commands import bisect as bisection
from tsgen.commands import report as reporting
from tsgen.console import note
from tsgen.errors import ConfigError, ParityError, TsgenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Outcome


@click.command("test")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--bisect", is_flag=True, help="Find the first operator that differs between Python, export and C++.")
@click.option("--case", metavar="NAME", default="", help="The case for --bisect.  [default: the first that fails]")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page to read in a browser: error of each output, times and sizes.",
)
@options.libtorch_options
@options.output_options
def command(
    *, folder: Path, bisect: bool, case: str, report: Path | None, as_json: bool, verbose: bool, **words: Any
) -> None:
    """Prove a built project again: run its program on every saved case and compare with what Python saved."""
    output.open_console(as_json=as_json, verbose=verbose)
    root = folder.absolute()
    given = options.given(words, root)
    if not bisect:
        if case:
            raise ConfigError("--case goes with --bisect only", hint="`tsgen test` proves every case")
        page = report.expanduser().absolute() if report else None
        announce(_tested(root, given, page), as_json=as_json, page=page)
        return
    if report:
        raise ConfigError("--report does not go with --bisect", hint="run `tsgen test --report FILE` by itself")
    found = bisection.bisect(root, given, case)
    output.document(found) if as_json else tell(found)
    if found.differs:
        sys.exit(ParityError.exit_code)


def _tested(root: Path, options: Mapping[str, Any], page: Path | None) -> Outcome:
    try:
        outcome = pipeline.test(root, options, against_float64=page is not None)
    except ParityError as error:
        if page:
            _report_failure(page, root, options, error)
        raise
    if page:
        reporting.write(page, reporting.of_outcome(outcome, reporting.python_of(root, options)))
    return outcome


def _report_failure(page: Path, root: Path, options: Mapping[str, Any], error: ParityError) -> None:
    """Whatever hinders the page: the command ends with what the proof said."""
    try:
        reporting.write(page, reporting.of_failure(root, options, error))
        note(f"the report is {page}")
    except TsgenError as trouble:
        note(f"there is no report: {trouble.message}")
