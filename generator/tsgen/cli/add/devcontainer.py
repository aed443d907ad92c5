from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli import options, output
from tsgen.cli.add import shared
from tsgen.commands import add

if TYPE_CHECKING:
    from pathlib import Path


@click.command("devcontainer")
@shared.folder_argument
@shared.force_option
@options.output_options
def command(*, folder: Path, force: bool, as_json: bool, verbose: bool) -> None:
    """Write a development container for a project: compiler, CMake, clangd, and the torch that exported the model.

    Example: tsgen add devcontainer myapp
    """
    output.open_console(as_json=as_json, verbose=verbose)
    root, project = shared.project_in(folder)
    made = add.part(root, project, "devcontainer", force=force)
    then = "open the project in VS Code and take `Reopen in Container`, or run `devcontainer up --workspace-folder .`"
    shared.tell(root, made, then=then, as_json=as_json)
