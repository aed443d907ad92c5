from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli import options, output
from tsgen.cli.add import shared
from tsgen.commands import add
from tsgen.matrix.systems import SYSTEMS

if TYPE_CHECKING:
    from pathlib import Path


@click.command("ci")
@click.argument("system", type=click.Choice(list(SYSTEMS)))
@shared.folder_argument
@shared.force_option
@options.output_options
def command(*, system: str, folder: Path, force: bool, as_json: bool, verbose: bool) -> None:
    """Write the workflow by which GitHub or GitLab builds and proves a project, with plain CMake and in every leg.

    Example: tsgen add ci github myapp
    """
    output.open_console(as_json=as_json, verbose=verbose)
    root, project = shared.project_in(folder)
    made = add.part(root, project, f"ci/{system}", force=force)
    then = f"commit it with model/ and tsgen.lock, and push: {SYSTEMS[system].NAME} runs what `tsgen matrix` lists"
    shared.tell(root, made, then=then, as_json=as_json)
