from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tsgen import console
from tsgen.cli import output
from tsgen.console.meter import size
from tsgen.libtorch import stored

if TYPE_CHECKING:
    from tsgen.types import Distribution, Listing


@click.command("list")
@click.option("--stored", "only_stored", is_flag=True, help="Only what is in the store.")
@click.option("--platform", metavar="P", help="Only this platform.")
@click.option("--torch-version", metavar="V", help="Only this version.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, only_stored: bool, platform: str | None, torch_version: str | None, as_json: bool) -> None:
    """Show every LibTorch there is, by version and platform, and what is in the store, with sizes."""
    output.open_console(as_json=as_json, verbose=False)
    listing = stored.listing(platform=platform, version=torch_version, only_stored=only_stored)
    if as_json:
        output.document(listing, whole=True)
        return
    if not only_stored:
        _matrix(listing)
    _stored(listing)


def _matrix(listing: Listing) -> None:
    """A row per version, a column per platform: its accelerators, and how they are published."""
    platforms = list(dict.fromkeys(each.platform for each in listing.distributions))
    versions = dict.fromkeys(each.version for each in listing.distributions)
    rows = [[version, *(_cell(listing, version, platform) for platform in platforms)] for version in versions]
    console.table(["version", *platforms], rows)
    console.line("  no mark: wheel and archive; w: wheel alone; a: archive alone; d: a Debug archive too")


def _cell(listing: Listing, version: str, platform: str) -> str:
    found: dict[str, list[Distribution]] = {}
    for each in listing.distributions:
        if (each.version, each.platform) == (version, platform):
            found.setdefault(each.accelerator, []).append(each)
    return " ".join(f"{accelerator}{_mark(every)}" for accelerator, every in found.items())


def _mark(every: list[Distribution]) -> str:
    wheel, archive = any(each.wheel for each in every), any(each.archive for each in every)
    letters = "" if wheel and archive else "w" if wheel else "a"
    letters += "d" if any(each.build_type == "debug" for each in every) else ""
    return f"({letters})" if letters else ""


def _stored(listing: Listing) -> None:
    console.line(f"  in the store, {listing.store}:")
    rows = [
        [each.name, each.version, each.accelerator, each.platform, each.build_type, each.origin, size(each.bytes)]
        for each in listing.stored
    ]
    if rows:
        console.table(["name", "version", "accelerator", "platform", "build type", "origin", "size"], rows)
    else:
        console.line("  nothing yet: `tsgen libtorch fetch`, or a build that needs one, brings it there")
