from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsgen import pipeline
from tsgen.cli import options, output
from tsgen.cli.ready import announce


@click.command("test")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@options.libtorch_options
@options.output_options
def command(*, folder: Path, as_json: bool, verbose: bool, **words: Any) -> None:
    """Prove a built project again: run its program on every saved case and compare with what Python saved."""
    output.open_console(as_json=as_json, verbose=verbose)
    announce(pipeline.test(folder.absolute(), options.given(words, folder.absolute())), as_json=as_json)
