from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli import options, output
from tsgen.cli.add import shared
from tsgen.commands import add

if TYPE_CHECKING:
    from pathlib import Path


@click.command("conan")
@shared.folder_argument
@shared.force_option
@options.output_options
def command(*, folder: Path, force: bool, as_json: bool, verbose: bool) -> None:
    """Write a Conan 2 recipe into a project, and test_package/ which tries its package.

    Example: tsgen add conan myapp
    """
    output.open_console(as_json=as_json, verbose=verbose)
    root, project = shared.project_in(folder)
    made = add.part(root, project, "conan", force=force)
    then = "`tsgen libtorch conan` tells Conan where LibTorch is; then `conan install .` makes the preset conan-release"
    shared.tell(root, made, then=then, as_json=as_json)
