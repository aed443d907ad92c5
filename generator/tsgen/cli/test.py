from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from tsgen import bisection, pipeline
from tsgen.cli import options, output
from tsgen.cli.bisected import tell
from tsgen.cli.ready import announce
from tsgen.errors import ConfigError, ParityError


@click.command("test")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--bisect", is_flag=True, help="Find the first operator that differs between Python, export and C++.")
@click.option("--case", metavar="NAME", default="", help="The case for --bisect.  [default: the first that fails]")
@options.libtorch_options
@options.output_options
def command(*, folder: Path, bisect: bool, case: str, as_json: bool, verbose: bool, **words: Any) -> None:
    """Prove a built project again: run its program on every saved case and compare with what Python saved."""
    output.open_console(as_json=as_json, verbose=verbose)
    root = folder.absolute()
    given = options.given(words, root)
    if not bisect:
        if case:
            raise ConfigError("--case goes with --bisect only", hint="`tsgen test` proves every case")
        announce(pipeline.test(root, given), as_json=as_json)
        return
    found = bisection.bisect(root, given, case)
    output.document(found) if as_json else tell(found)
    if found.differs:
        sys.exit(ParityError.exit_code)
