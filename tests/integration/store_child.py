"""What the processes do that test_store_killed.py kills: a module of its own, as they load nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tsgen.libtorch.providers import archive
from tsgen.libtorch.store import Facts, Store

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Distribution


def fetch(root: Path, asked: Distribution) -> None:
    """The page cache outlives a process, so nobody waits for the disk."""
    os.sync = lambda: None
    store = Store(root)
    facts = Facts(
        version=asked.version,
        platform=asked.platform,
        accelerator=asked.accelerator,
        build_type=asked.build_type,
        cxx11_abi=asked.cxx11_abi,
        origin=asked.origin,
    )
    store.add(facts, lambda tree: archive.make_tree(asked, tree, downloads=store.downloads))


def prune(root: Path) -> None:
    Store(root).prune(lambda _: ())
