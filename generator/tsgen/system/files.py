"""Files that are whole or not there: hashes, and writing beside the target before replacing it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tsgen.errors import TsgenError

CHUNK = 1 << 20
ROOM_IN_THE_PROJECT = "free some space, or choose another folder with --output"
ROOM_IN_THE_STORE = "free some space, or move tsgen's store to another disk with TSGEN_STORE"


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digest_of(value: object) -> str:
    """The sha256 of a value made of JSON's types, the same for the same value on every machine."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with Unix line ends beside `path`, then put it in place: a reader never sees a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(beside, path)  # noqa: PTH105 - its name on every system
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def write_if_changed(path: Path, text: str) -> bool:
    """Return whether `path` had to be written; an untouched file keeps its time stamp, so nothing is rebuilt."""
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_text(path, text)
    return True


def move_into(source: Path, target: Path) -> None:
    """Move each file below `source` to the same place below `target`, over what is there; nothing else is touched."""
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        destination = target / path.relative_to(source)
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, destination)  # noqa: PTH105


@contextmanager
def staging(beside: Path) -> Iterator[Path]:
    """A folder next to `beside`, so that a rename suffices; gone afterwards whatever happens."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    folder = _beside(beside)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(folder: Path) -> None:
    """Remove everything in it."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def sweep(beside: Path) -> None:
    """Remove what `staging` left when its process was killed; only for who holds the lock of the place."""
    for folder in (*beside.parent.glob(f".{beside.name}-????????"), *beside.parent.glob(f"..{beside.name}-*-????????")):
        shutil.rmtree(folder, ignore_errors=True)


def statuses(path: Path) -> Iterator[os.stat_result]:
    """The status of a file or link, or of a folder and every file below it; what is deleted meanwhile is left out."""
    inside = (Path(parent) / name for parent, _, names in os.walk(path) for name in names)
    for each in (path, *inside):
        with suppress(FileNotFoundError):
            yield each.lstat()


def disk_usage(path: Path) -> int:
    """The bytes of a file, or of every file below a folder."""
    return sum(status.st_size for status in statuses(path) if not stat.S_ISDIR(status.st_mode))


def _beside(path: Path) -> Path:
    """A name that nobody has. Not by `tempfile`, which makes it private, whatever the umask gives."""
    return path.with_name(f".{path.name}-{os.urandom(4).hex()}")


_REASONS: Mapping[int, str] = {
    errno.ENOSPC: "no space is left on its disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "it may not be written to",
    errno.EPERM: "it may not be written to",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "a part of its path is a file, not a folder",
    errno.ENAMETOOLONG: "its name is too long",
}


@contextmanager
def writing(where: Path, kind: type[TsgenError], hint: str = ROOM_IN_THE_PROJECT) -> Iterator[None]:
    """Turn an OSError into an error of `kind` that says why `where` could not be written."""
    try:
        yield
    except OSError as error:
        shut = _cause(error).errno in {errno.EROFS, errno.EACCES, errno.EPERM}
        way_out = hint.replace("free some space", "make it writable") if shut else hint
        raise kind(f"cannot write to {where}: {reason(error)}", hint=way_out) from error


def reason(error: OSError) -> str:
    """Why it could not be written, in the user's terms."""
    cause = _cause(error)
    return _REASONS.get(cause.errno or 0, cause.strerror or str(cause))


def _cause(error: OSError) -> OSError:
    return error.__cause__ if not error.errno and isinstance(error.__cause__, OSError) else error
