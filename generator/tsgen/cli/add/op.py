from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tsgen import ops
from tsgen.cli import options, output
from tsgen.config import load
from tsgen.console import note


@dataclass(frozen=True, kw_only=True)
class Added:
    operator: str
    """As Python calls it: torch.ops.NAMESPACE.NAME."""
    files: tuple[Path, ...]


@click.command("op")
@click.argument("name")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--cuda", is_flag=True, help="With a CUDA kernel; of an operator that is already there, only that.")
@options.output_options
def command(*, name: str, folder: Path, cuda: bool, as_json: bool, verbose: bool) -> None:
    """Write an operator in C++ into a project's ops/ folder: schema, kernels, meta function and test, to be edited.

    Example: tsgen add op scale_add myapp
    """
    output.open_console(as_json=as_json, verbose=verbose)
    root = folder.expanduser().absolute()
    project = load(root).name
    added = ops.add(root, project, name, cuda=cuda)
    operator = f"torch.ops.{ops.namespace(project)}.{name}"
    for path in added:
        note(f"wrote {path.relative_to(root).as_posix()}")
    note(f"call it in the model as {operator}(x, a, b); `tsgen build` compiles it, and Python loads it for the export")
    if as_json:
        output.document(Added(operator=operator, files=tuple(added)))
