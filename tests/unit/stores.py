"""Small trees for a store, and what is said of them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tsgen.libtorch.store import Facts, Store
from tsgen.types import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tsgen.libtorch.store import Entry

LIBRARY = "torch/lib/libtorch_cpu.so"
HEADER = "torch/include/torch/script.h"


def quick_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """One that does not wait for the disk."""
    monkeypatch.setattr(os, "sync", lambda: None, raising=False)
    return Store(folder / "store")


def facts(**changes: Any) -> Facts:
    made = Facts(
        version="2.14.1",
        platform="linux-x86_64",
        accelerator="cpu",
        build_type="release",
        cxx11_abi=True,
        origin="wheel",
    )
    return replace(made, **changes)


def source(name: str = "torch-2.14.1.whl") -> Source:
    return Source(file=name, sha256=hashlib.sha256(name.encode()).hexdigest(), requirement="torch==2.14.1")


def maker(*sources: Source, content: bytes = b"the library") -> Callable[[Path], tuple[Source, ...]]:
    """Makes two files and a link."""

    def make(tree: Path) -> tuple[Source, ...]:
        for name, text in ((LIBRARY, content), (HEADER, b"#pragma once\n")):
            (tree / name).parent.mkdir(parents=True)
            (tree / name).write_bytes(text)
        (tree / "torch/lib/libtorch_cpu.so.2").symlink_to("libtorch_cpu.so")
        return sources or (source(),)

    return make


def unwanted(tree: Path) -> tuple[Source, ...]:
    raise AssertionError(f"nothing had to be made in {tree}")


def find(store: Store, **changes: Any) -> Entry | None:
    """What `facts()` ask for, unless told otherwise."""
    wanted: dict[str, Any] = {
        "version": "2.14.1",
        "platform": "linux-x86_64",
        "accelerator": "cpu",
        "build_type": "release",
        "cxx11_abi": True,
    }
    return store.find(**{**wanted, **changes})


def overwrite(path: Path, content: bytes) -> None:
    """As somebody would who insists: the files of the store are read-only."""
    path.chmod(0o644)
    path.write_bytes(content)
