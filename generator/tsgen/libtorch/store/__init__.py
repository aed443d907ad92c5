"""The one place per user where fetched LibTorch distributions are kept, shared by every project.

    trees/NAME/         a LibTorch: `torch` (and `nvidia`) or `libtorch`, with entry.json and files.json beside them
    staging/            what is being made or deleted; nobody looks for a LibTorch here
    locks/              one file per variant: version, accelerator, platform, build type, ABI
    projects/           one file per project that uses the store
    downloads/          what has been downloaded and not unpacked yet

A tree appears by one rename, after every file of it was hashed: it is there whole or not at all.
"""

from __future__ import annotations

from tsgen.libtorch.store.place import location, open_store
from tsgen.libtorch.store.prune import Removal
from tsgen.libtorch.store.record import Entry, Facts
from tsgen.libtorch.store.store import Store

__all__ = ["Entry", "Facts", "Removal", "Store", "location", "open_store"]
