"""From a filled folder to a tree that is ready to be put in place."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tsgen.errors import LibTorchError
from tsgen.libtorch.store import manifest, record
from tsgen.libtorch.store.record import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.libtorch.store.record import Facts
    from tsgen.types import Source


def complete(stage: Path, trees: Path, facts: Facts, sources: tuple[Source, ...]) -> Entry:
    """Hash everything in `stage`, and write down what it is last. Raises LibTorchError when it holds no LibTorch."""
    root = _root(stage)
    made = manifest.of(stage)
    manifest.forbid_writing(stage, made)
    folder = trees / record.name_of(facts, sources)
    entry = Entry(
        **asdict(facts),
        folder=folder,
        root=folder / root,
        sources=sources,
        bytes=made.bytes,
        made=datetime.now(timezone.utc).isoformat(),
        manifest=manifest.write(made, stage),
        libraries=made.libraries,
    )
    record.write(entry, stage)
    _settle(stage, made)
    return entry


def _root(stage: Path) -> str:
    for name in record.ROOTS:
        if (stage / name).is_dir():
            return name
    raise LibTorchError(f"what was fetched holds neither {' nor '.join(record.ROOTS)}; it is not kept")


def _settle(stage: Path, made: manifest.Manifest) -> None:
    """The rename must not reach the disk before the bytes: after a power cut, a whole name would stand for half files.

    One sync for all, as ten thousand fsyncs take half a minute; Windows has none, so what is loaded goes first there.
    """
    if hasattr(os, "sync"):
        os.sync()
        return
    for name in made.libraries:
        path = stage / name
        path.chmod(0o666)
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
        path.chmod(0o444)
