"""What the commands of `tsgen add` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tsgen import render, runtimes
from tsgen.cli import output
from tsgen.config import load
from tsgen.console import note

if TYPE_CHECKING:
    from tsgen.commands.add import Written

folder_argument = click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
force_option = click.option("--force", is_flag=True, help="Overwrite files of the same name that you have.")


@dataclass(frozen=True, kw_only=True)
class Added:
    """What is printed with --json."""

    files: tuple[Path, ...]
    """Those that were written."""
    unchanged: tuple[Path, ...]
    """Those that were there already, with the same text."""
    operator: str | None = None
    """As Python calls it: torch.ops.NAMESPACE.NAME."""


def project_in(folder: Path, command: str = "") -> tuple[Path, str]:
    """Its root and its name, which goes into the files that are written. Raises ConfigError.

    `command`: the one that asks, unless projects of every runtime have it.
    """
    root = folder.expanduser().absolute()
    config = load(root)
    if command:
        runtimes.refuse_command(config, command)
    render.check_name(config.name)
    return root, config.name


def tell(root: Path, made: Written, *, then: str, as_json: bool, operator: str | None = None) -> None:
    """Name the files, and what is to be done next."""
    for place in made.written:
        note(f"wrote {place}")
    for place in made.unchanged:
        note(f"{place} is there already, with the same text")
    note(then)
    if as_json:
        files, unchanged = (tuple(root / place for place in places) for places in (made.written, made.unchanged))
        output.document(Added(files=files, unchanged=unchanged, operator=operator))
