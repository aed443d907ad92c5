"""The zips that PyTorch publishes: downloaded, compared with a pinned hash where there is one, unpacked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.errors import LibTorchError, TsgenError, UnsafeError
from tsgen.libtorch.archive.unpack import names, unpack
from tsgen.system import fetch
from tsgen.system.disk import DiskError
from tsgen.types import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tsgen.types import ArchiveFile, Distribution

ROOT = "libtorch"
_NEEDED = ("lib", "include")


def make_tree(
    distribution: Distribution,
    target: Path,
    *,
    downloads: Path,
    locked: tuple[Source, ...] = (),
    mirror: str | None = None,
) -> tuple[Source, ...]:
    """Fill the empty folder `target` with `libtorch/{lib,include,share,bin}`; returns what tsgen.lock is to pin.

    What an interrupted run has downloaded stays in `downloads`, and is gone once it is unpacked. `mirror` is as in
    `fetch.download`. Raises LibTorchError when the zip cannot be had or holds no LibTorch, UnsafeError when it is not
    the one that `locked` or the catalog names, or is not safe to unpack.
    """
    archive = _published(distribution)
    expected = _expected(archive, locked)
    zip_file = downloads / _name_of(archive)
    with fetch.alone_with(zip_file.with_suffix(".use")):
        got = fetch.download(archive.url, zip_file, sha256=expected, mirror=mirror)
        _unpack(zip_file, target, archive.file)
        fetch.discard(zip_file)
    if not expected:
        console.note(f"nobody has published a hash of {archive.file}; it is trusted as it came, sha256 {got}")
    return (Source(file=archive.file, sha256=got, url=archive.url),)


def _published(distribution: Distribution) -> ArchiveFile:
    if distribution.archive:
        return distribution.archive
    raise LibTorchError(
        f"no zip of LibTorch {distribution.version} {distribution.accelerator} exists for {distribution.platform}",
        hint="take it from the wheel with --libtorch wheel" if distribution.wheel else "",
    )


def _expected(archive: ArchiveFile, locked: Iterable[Source]) -> str | None:
    """The pinned hash, which the lock and the catalog have to agree on; None: trust what comes first."""
    pins = {"the catalog of tsgen": archive.sha256} if archive.sha256 else {}
    if locked:
        pins["tsgen.lock"] = _locked(archive, locked)
    if len({pin.lower() for pin in pins.values()}) > 1:
        raise UnsafeError(
            f"two hashes are pinned for {archive.file}: " + ", ".join(f"{pin} by {who}" for who, pin in pins.items()),
            hint="upstream has uploaded it again, or somebody gave you another file when it was locked; "
            "delete its entry from tsgen.lock to take the one that the catalog names",
        )
    return next(iter(pins.values()), None)


def _locked(archive: ArchiveFile, locked: Iterable[Source]) -> str:
    for source in locked:
        # 1.2.0 has files of one name for cpu and for cu100.
        if source.file == archive.file and source.url in {"", archive.url}:
            return source.sha256
    raise UnsafeError(
        f"tsgen.lock names {', '.join(source.file for source in locked)}, not {archive.url}",
        hint="delete the entry from tsgen.lock to choose anew",
    )


def _name_of(archive: ArchiveFile) -> str:
    """Another one for each URL, for the same reason."""
    return f"{hashlib.sha256(archive.url.encode()).hexdigest()[:12]}-{archive.file}"


def _unpack(zip_file: Path, target: Path, file: str) -> None:
    """A zip that is at fault is not kept: the next run downloads it again. One for which there was no room is."""
    try:
        if _has_top_folder(zip_file, file):
            unpack(zip_file, target, lambda name: name.startswith(f"{ROOT}/"))
        else:
            unpack(zip_file, target / ROOT)
    except DiskError:
        raise
    except TsgenError:
        fetch.discard(zip_file)
        raise


def _has_top_folder(zip_file: Path, file: str) -> bool:
    """The zips for Windows on ARM have none (builder, windows/arm64/build_libtorch.bat)."""
    found = names(zip_file)
    for top in (f"{ROOT}/", ""):
        if all(any(name.startswith(f"{top}{needed}/") for name in found) for needed in _NEEDED):
            return bool(top)
    tops = ", ".join(sorted({name.partition("/")[0] for name in found})[:5]) or "nothing"
    raise LibTorchError(
        f"{file} holds no LibTorch: expected {ROOT}/lib and {ROOT}/include, or lib and include, found {tops}",
        hint="the server or the mirror gave another file than the one that was asked for",
    )
