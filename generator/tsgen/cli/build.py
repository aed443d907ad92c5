from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsgen import pipeline
from tsgen.cli import options, output
from tsgen.cli.ready import announce


@click.command("build")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option(
    "--model", metavar="SPEC", envvar="TSGEN_MODEL", show_envvar=True, help="Another model than tsgen.toml's."
)
@options.model_options
@options.libtorch_options
@options.locked_option
@options.output_options
def command(*, folder: Path, as_json: bool, verbose: bool, **words: Any) -> None:
    """Bring a project up to date with its tsgen.toml: resolve, export, compile, prove; redo only what is stale."""
    output.open_console(as_json=as_json, verbose=verbose)
    announce(pipeline.build(folder.absolute(), options.given(words, folder.absolute())), as_json=as_json)
