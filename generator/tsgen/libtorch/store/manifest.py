"""files.json: every file of a tree with its size and sha256, every link with where it leads."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tsgen.console.meter import Meter
from tsgen.system import codec, files

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = "files.json"
_UNREAD = "what cannot be read"
_LOADED_FROM = frozenset({"lib", "lib64", "bin"})


@dataclass(frozen=True)
class Manifest:
    sizes: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())

    @property
    def libraries(self) -> dict[str, int]:
        """The sizes of what is linked or loaded: a few hundred files, not the ten thousand of the headers."""
        return {path: size for path, size in self.sizes.items() if PurePosixPath(path).parent.name in _LOADED_FROM}


def of(folder: Path, *, but: frozenset[str] = frozenset(), doing: str = "hash") -> Manifest:
    """The manifest of all that is below `folder` but what `but` names at its top; an unreadable file has no hash."""
    made = Manifest()
    for path in sorted(_below(folder)):
        name = path.relative_to(folder).as_posix()
        if name in but:
            continue
        if path.is_symlink():
            made.links[name] = path.readlink().as_posix()
        else:
            with suppress(FileNotFoundError):
                made.sizes[name] = path.stat().st_size
    meter, done = Meter(made.bytes, doing=doing), 0
    for name, size in made.sizes.items():
        made.hashes[name] = _hash(folder / name)
        done += size
        meter.tell(done)
    return made


def write(made: Manifest, folder: Path) -> str:
    """Returns the sha256 of the file."""
    files.write_text(folder / FILE_NAME, codec.text_of(made, indent=None))
    return files.sha256(folder / FILE_NAME)


def read(folder: Path, expected: str) -> Manifest | None:
    """None when the file is not the one with the sha256 `expected`."""
    path = folder / FILE_NAME
    if not path.is_file() or files.sha256(path) != expected:
        return None
    return codec.read(path, Manifest)


def differences(expected: Manifest, found: Manifest) -> Iterator[str]:
    """A sentence for each file that is not as it was, as `tsgen libtorch verify` prints it."""
    known, there = _contents(expected), _contents(found)
    for name in sorted(known.keys() | there.keys()):
        if name not in there:
            yield f"{name} is missing"
        elif name not in known:
            yield f"{name} was not there when it was stored"
        elif known[name] != there[name] or there[name] == _UNREAD:
            yield f"{name} has changed: expected {known[name]}, found {there[name]}"


def forbid_writing(folder: Path, made: Manifest) -> None:
    """An editor that shows a header of the store cannot save over it; folders stay as they are, so `rm -r` works."""
    for name in made.sizes:
        path = folder / name
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def allow_writing(folder: Path) -> None:
    """Windows deletes no read-only file."""
    for path in _below(folder):
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWRITE)


def _contents(manifest: Manifest) -> dict[str, str]:
    hashes = {name: f"sha256 {value}" if value else _UNREAD for name, value in manifest.hashes.items()}
    return hashes | {name: f"a link to {target}" for name, target in manifest.links.items()}


def _below(folder: Path) -> Iterator[Path]:
    """Files and links, those to folders too; links are not followed."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        yield from (here / name for name in names)
        yield from (here / name for name in folders if (here / name).is_symlink())


def _hash(path: Path) -> str:
    try:
        return files.sha256(path)
    except (PermissionError, FileNotFoundError):
        return ""
