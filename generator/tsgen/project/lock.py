"""tsgen.lock: what was resolved and exported, committed with the project."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypedDict

from tsgen import __version__
from tsgen.errors import ConfigError, UnsafeError
from tsgen.system import codec, files
from tsgen.types import Pin  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tsgen.types import Source

FILE_NAME = "tsgen.lock"
FORMAT = 2
"""The first format was TOML and had no number. cmake/TorchLock.cmake and conanfile.py of the template know it too."""
_ANEW = "the next `tsgen build` exports the model and chooses LibTorch anew, and writes a new one"
_HINT = f"take it back from git, in a merge with `git checkout --ours {FILE_NAME}`; or delete it: {_ANEW}"


class Exported(TypedDict, total=False):
    """What is kept of an export; a lock of an earlier tsgen has fewer of these."""

    sha256: str
    """Of the model file."""
    manifest: str
    """The sha256 of model/manifest.json."""
    torch_version: str
    request: str
    """A digest of all that the export was asked for."""
    finds: str
    """What the export looked for besides the files."""
    sources: dict[str, str]
    """The sha256 of each file that the model was made from, by its path in the project."""


class Vendored(TypedDict, total=False):
    """What the lock records of third_party/tsgen; `files` has the sha256 of each by its path."""

    version: str
    sha256: str
    files: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Lock:
    format: int = FORMAT
    tsgen: str = __version__
    artifact: Exported = field(default_factory=Exported)
    vendored: Vendored = field(default_factory=Vendored)
    libtorch: tuple[Pin, ...] = ()
    """Of each platform and configuration."""


def read(root: Path) -> Lock:
    """An empty one when there is no file yet. Raises ConfigError for one that is not ours, UnsafeError for a trick."""
    path = root / FILE_NAME
    if not os.path.lexists(path):
        return Lock()
    if not path.is_file():
        raise ConfigError(f"{path} is no file", hint=f"move it away: {_ANEW}")
    try:
        document = _parsed(path.read_bytes())
        if "format" not in document:
            raise codec.FormError("it does not say its `format`")
        known = _lock_of(document) if document.get("format") == FORMAT else None
    except ValueError as error:
        raise ConfigError(f"{path} is not a lock of tsgen: {error}", hint=_HINT) from error
    if not known:
        raise ConfigError(
            f"{path} has the format {document.get('format')}, and tsgen {__version__} reads format {FORMAT}",
            hint=f"use the tsgen that wrote it ({document.get('tsgen', 'unknown')}) or a newer one, or {_HINT}",
        )
    return known


def pins(root: Path, *, required: bool = False) -> tuple[Pin, ...]:
    """The LibTorch of each platform and configuration. Raises ConfigError as `read` does; `required`: for none."""
    if required and not (root / FILE_NAME).is_file():
        raise ConfigError(
            f"there is no {root / FILE_NAME}, and --locked takes only what it names",
            hint="take it back from git, or `tsgen build` without --locked writes it",
        )
    return read(root).libtorch


def write(root: Path, artifact: Exported, libtorch: Iterable[Pin], *, vendored: Vendored | None = None) -> bool:
    """Lock `artifact` and each of `libtorch` beside what is locked for others; return whether the file changed.

    `vendored` is third_party/tsgen, as vendored.py describes it; None keeps what is locked.
    """
    known = read(root)
    rows = {(pin.platform, pin.build_type): pin for pin in (*known.libtorch, *libtorch)}
    pins = tuple(rows[key] for key in sorted(rows))
    made = Lock(artifact=artifact, vendored=known.vendored if vendored is None else vendored, libtorch=pins)
    return files.write_if_changed(root / FILE_NAME, codec.text_of(_without_nothing(made)))


def _without_nothing(lock: Lock) -> dict[str, Any]:
    """A project without third_party/tsgen has no `vendored`, a LibTorch without files no `sources`."""
    document: dict[str, Any] = codec.plain(lock)
    rows = [{key: value for key, value in row.items() if value or key != "sources"} for row in document["libtorch"]]
    return {key: value for key, value in {**document, "libtorch": rows}.items() if value or key != "vendored"}


def _parsed(text: bytes) -> dict[str, Any]:
    """Raises ValueError for a text that is neither of this format nor of the first, TOML."""
    text = text.removeprefix(codecs.BOM_UTF8)  # editors of Windows put it there
    if re.search(rb"^(<{7}|>{7}) ", text, re.MULTILINE):
        raise ValueError("git left a merge in it, between <<<<<<< and >>>>>>>")
    if re.match(rb'(#.*\s+)?template = "', text):
        old = codec.parsed_toml(text)
        rest: dict[str, Any] = {key: old[key] for key in ("artifact", "libtorch") if key in old}
        return {"format": FORMAT, "tsgen": old["template"], **rest}
    return codec.value_of(dict[str, Any], codec.parsed(text))


def _lock_of(document: dict[str, Any]) -> Lock:
    """Raises ValueError for what is not as `write` writes it, and UnsafeError as `_check` does."""
    known = codec.value_of(Lock, document)
    for pin in known.libtorch:
        for source in pin.sources:
            _check(source)
    # Whole, with what a newer tsgen has put there.
    return replace(known, artifact=document.get("artifact", {}), vendored=document.get("vendored", {}))


def _check(source: Source) -> None:
    """Raises UnsafeError for the name of a file that would lie elsewhere than it is looked for."""
    if not re.fullmatch(r"[\w+!-][\w.+!-]*", source.file, re.ASCII):
        raise UnsafeError(
            f"{FILE_NAME} names the file `{source.file}`, which is no plain file name",
            hint="take the file back from git, or delete that entry: `tsgen build` writes it",
        )
    if not re.fullmatch("[0-9a-fA-F]{64}", source.sha256):
        raise ValueError(f"`{source.sha256}` is no sha256 of {source.file}")
