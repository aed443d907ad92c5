"""Where the store is."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

from tsgen.errors import LibTorchError
from tsgen.libtorch.store.store import Store

VARIABLE = "TSGEN_STORE"


def open_store() -> Store:
    """Makes nothing: a store begins with the first thing that is kept in it. Raises LibTorchError for a file."""
    root = location()
    if root.exists() and not root.is_dir():
        raise LibTorchError(f"the store {root} is a file, not a folder", hint=f"name a folder with {VARIABLE}")
    return Store(root)


def location() -> Path:
    """What TSGEN_STORE names, else a folder among the user's data. Raises LibTorchError where there is no home.

    Data, not cache: the run path of every program built here leads into it, and a cache is emptied without asking.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(os.path.abspath(Path(named).expanduser()))  # noqa: PTH100 - `..` goes, links stay
    root = user_data_path("tsgen", appauthor=False)
    if not root.is_absolute():
        raise LibTorchError(
            "this user has no home folder, so there is no place for the store of LibTorch",
            hint=f"name a folder with {VARIABLE}",
        )
    return root
