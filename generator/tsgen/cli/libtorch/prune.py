from __future__ import annotations

import click

from tsgen.cli import output
from tsgen.console import line
from tsgen.console.meter import size
from tsgen.libtorch import stored
from tsgen.project import lock


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="Remove this one, whoever needs it (see `list`).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, dry_run: bool, names: tuple[str, ...], as_json: bool) -> None:
    """Remove from the store what no project's tsgen.lock names any more.

    The projects are those that were built on this machine and are still where they were.
    """
    output.open_console(as_json=as_json, verbose=False)
    pruned = stored.prune(names, lock.pins, dry_run=dry_run)
    if as_json:
        output.document(pruned)
        return
    verb = "would be removed" if dry_run else "removed"
    for each in pruned.removed:
        line(f"  {verb}: {each.name} ({size(each.bytes)})")
    line(f"  {size(pruned.bytes)} {'would be ' if dry_run else ''}freed in {pruned.store}")
