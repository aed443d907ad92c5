from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tsgen import pipeline
from tsgen.cli import options, output
from tsgen.config import from_table


@click.command("export")
@click.argument("model", metavar="MODEL")
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="Where to write.")
@options.model_options
@options.python_option
@click.option("--force", is_flag=True, help="Write over a model that tsgen did not make.")
@options.output_options
def command(*, model: str, folder: Path, force: bool, as_json: bool, verbose: bool, **words: Any) -> None:
    """Write the exported model, its cases and its manifest to a folder; nothing is compiled or proven in C++."""
    output.open_console(as_json=as_json, verbose=verbose)
    table = options.given({"model": model, **words}, Path.cwd())
    config = from_table({"name": "export", **table}, where="the command line")
    outcome = pipeline.export(config, folder.expanduser().absolute(), force=force)
    if as_json:
        output.document(outcome)
