from __future__ import annotations

import sys
from pathlib import Path

import click

from tsgen import console
from tsgen.cli import options, output
from tsgen.cli.inspect_text import tell
from tsgen.commands import inspect
from tsgen.errors import ConfigError, ExportError

FILE = click.Path(path_type=Path, dir_okay=False)
_INSTEAD = "take --graph-dot OUT and then `dot -Tsvg OUT`, or open the model.pt in Netron (https://netron.app)"


@click.command("inspect")
@click.argument("place", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--all", "whole", is_flag=True, help="Every submodule, tensor and operator, not only the first.")
@click.option(
    "--code", is_flag=True, help="The source of each method: TorchScript's, of the submodules too, or the C++."
)
@click.option("--graph", is_flag=True, help="The graph of each method as torch prints it.")
@click.option("--graph-dot", "dot", metavar="OUT", type=FILE, help="Write the graph for Graphviz.")
@click.option("--graph-html", "html", metavar="OUT", hidden=True, help="Is no more: --graph-dot, or Netron.")
@options.python_option
@options.op_libraries_option
@options.output_options
def command(
    *,
    place: Path,
    whole: bool,
    code: bool,
    graph: bool,
    dot: Path | None,
    html: str | None,
    python: str | None,
    op_libraries: tuple[str, ...],
    as_json: bool,
    verbose: bool,
) -> None:
    """Say what is in an exported model: signature, methods, parameters, operators, code and graph.

    FILE is TorchScript's, or C++ that AOTInductor wrote; or a project, or its model folder. A file that needs an
    operator which is not here is told from its archive, and the command ends with exit code 4.

    Example: tsgen inspect model.pt --graph-dot graph.dot
    """
    if html is not None:
        raise ConfigError("tsgen draws no page of a graph any more: --graph-html is no option", hint=_INSTEAD)
    output.open_console(as_json=as_json, verbose=verbose)
    console.current.get().begin("Look")
    try:
        found = inspect.inspect(
            _absolute(place),
            python,
            [_absolute(Path(name)) for name in op_libraries],
            code=code,
            graph=graph,
            dot=_absolute(dot) if dot else None,
        )
    finally:
        console.current.get().abandon()
    output.document(found) if as_json else tell(found, whole=whole)
    if not found.loaded:
        sys.exit(ExportError.exit_code)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()
