from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "op": "An operator of your own in C++, which the model calls and the program brings.",
}


@click.group("add", cls=LazyGroup, package=__name__, lines=COMMANDS)
def command() -> None:
    """Add a part to a project."""
