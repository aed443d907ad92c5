"""`tsgen libtorch`: the resolver by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "resolve": "Say which LibTorch there is for a platform, version and accelerator; asks no network.",
    "fetch": "Bring a LibTorch into the store.",
    "list": "Show every LibTorch there is, and those in the store.",
    "verify": "Hash again what is in the store.",
    "prune": "Remove from the store what no project's tsgen.lock names.",
    "conan": "Make a LibTorch a package of the local Conan.",
}


@click.group("libtorch", cls=LazyGroup, package=__name__, lines=COMMANDS, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Find, fetch and check LibTorch distributions, for this platform or another."""
    if not context.invoked_subcommand:
        click.echo(context.get_help())
