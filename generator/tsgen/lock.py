"""tsgen.lock: what was resolved and exported, committed with the project."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tsgen import __version__, files
from tsgen.errors import ConfigError, UnsafeError
from tsgen.types import Pin, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "tsgen.lock"
_HEADER = "Written by `tsgen build`, to be committed: what this project was resolved to and exported from."


def read(root: Path) -> dict[str, Any]:
    """An empty table when there is no lock yet. Raises ConfigError for one that is not ours."""
    path = root / FILE_NAME
    if not path.is_file():
        return {}
    try:
        document = dict(tomlkit.parse(path.read_text(encoding="utf-8")).unwrap())
        list(map(pin_of, document.get("libtorch", [])))
        dict(document.get("artifact", {}))
    except (TOMLKitError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path} is not a lock of tsgen: {error}",
            hint="mend it or take it back from git; `tsgen build` also writes a new one, which forgets what was pinned",
        ) from error
    return document


def pins(root: Path) -> tuple[Pin, ...]:
    """The LibTorch of each platform and configuration. Raises ConfigError as `read` does."""
    return tuple(map(pin_of, read(root).get("libtorch", [])))


def write(root: Path, artifact: dict[str, Any], libtorch: Iterable[Pin]) -> bool:
    """Lock `artifact` and each of `libtorch` beside what is locked for others; return whether the file changed."""
    rows = {_key(pin): pin for pin in (*pins(root), *libtorch)}
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEADER))
    document["template"] = __version__
    document["artifact"] = artifact
    document["libtorch"] = [_row(rows[key]) for key in sorted(rows)]
    return files.write_if_changed(root / FILE_NAME, tomlkit.dumps(document))


def _row(pin: Pin) -> dict[str, Any]:
    """A row without files has no `sources`: an empty list would stand in the way of the tables of the next row."""
    return {key: value for key, value in asdict(pin).items() if value != ()}


def pin_of(row: dict[str, Any]) -> Pin:
    """Raises UnsafeError for a file that would lie elsewhere, and what a row of another form does."""
    sources = tuple(_source(source) for source in row.get("sources", ()))
    return Pin(**{**row, "sources": sources})


def _source(row: dict[str, Any]) -> Source:
    """Raises UnsafeError for the name of a file that would lie elsewhere than it is looked for."""
    source = Source(**row)
    if not re.fullmatch(r"[\w+!-][\w.+!-]*", source.file, re.ASCII):
        raise UnsafeError(
            f"{FILE_NAME} names the file `{source.file}`, which is no plain file name",
            hint="take the file back from git, or delete that entry: `tsgen build` writes it",
        )
    if not re.fullmatch("[0-9a-fA-F]{64}", source.sha256):
        raise ValueError(f"`{source.sha256}` is no sha256 of {source.file}")
    return source


def _key(pin: Pin) -> tuple[str, str]:
    return pin.platform, pin.build_type
