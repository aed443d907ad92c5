"""What is in the store, and what there is at all: the reports of `tsgen libtorch list`, `verify` and `prune`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.libtorch import catalog
from tsgen.libtorch.store import open_store
from tsgen.types import Listing, Pruned, Verified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tsgen.types import Pin


def listing(*, platform: str | None = None, version: str | None = None, only_stored: bool = False) -> Listing:
    """Everything for this platform and version; None stands for all. Raises LibTorchError for unknown ones."""
    catalog.check(version, platform)
    every = () if only_stored else tuple(catalog.everything())
    store = open_store()
    return Listing(
        store=store.root,
        stored=tuple(
            entry.stored for entry in store.entries() if _is(entry.platform, entry.version, platform, version)
        ),
        distributions=tuple(each for each in every if _is(each.platform, each.version, platform, version)),
    )


def verify() -> Verified:
    """Every file of every LibTorch in the store, hashed again."""
    store = open_store()
    return Verified(store=store.root, problems={name: tuple(found) for name, found in store.verify_all().items()})


def prune(names: Iterable[str], pins_of: Callable[[Path], Iterable[Pin]], *, dry_run: bool) -> Pruned:
    """Remove those that are named, or else what no project has locked; `pins_of` reads the lock in a project's folder.

    Raises LibTorchError for a name that is not there, or that another tsgen is at work on.
    """
    store = open_store()
    if not (wanted := tuple(names)):
        removal = store.prune(pins_of, dry_run=dry_run)
        removed = tuple(entry.stored for entry in removal.entries)
        return Pruned(store=store.root, removed=removed, bytes=removal.bytes, dry_run=dry_run)
    removed = tuple(entry.stored for entry in store.entries() if entry.name in wanted)
    for name in wanted if not dry_run else ():
        store.remove(name)
    return Pruned(store=store.root, removed=removed, bytes=sum(each.bytes for each in removed), dry_run=dry_run)


def _is(found_platform: str, found_version: str, platform: str | None, version: str | None) -> bool:
    return platform in {None, found_platform} and version in {None, found_version}
