from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen import operators
from tsgen.cli import options, output
from tsgen.cli.add import shared
from tsgen.commands import add

if TYPE_CHECKING:
    from pathlib import Path


@click.command("op")
@click.argument("name")
@shared.folder_argument
@click.option("--cuda", is_flag=True, help="With a CUDA kernel; of an operator that is already there, only that.")
@shared.force_option
@options.output_options
def command(*, name: str, folder: Path, cuda: bool, force: bool, as_json: bool, verbose: bool) -> None:
    """Write an operator in C++ into a project's ops/ folder: schema, kernels, meta function and test, to be edited.

    Example: tsgen add op scale_add myapp
    """
    output.open_console(as_json=as_json, verbose=verbose)
    root, project = shared.project_in(folder, "tsgen add op")
    made = add.operator(root, project, name, cuda=cuda, force=force)
    operator = f"torch.ops.{operators.namespace(project)}.{name}"
    then = f"call it in the model as {operator}(x, a, b); `tsgen build` compiles it, and Python loads it for the export"
    shared.tell(root, made, then=then, as_json=as_json, operator=operator)
