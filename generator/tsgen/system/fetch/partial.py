"""The part of a file that has been downloaded so far, and of which file it is a part."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.system import codec, files
from tsgen.system.fetch.address import format_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What has to be the same for a download to be continued: two files are never mixed."""

    url: str
    """Without a password."""
    validator: str
    """A strong ETag or a Last-Modified; empty when the server gives neither."""
    size: int | None
    """Of the whole file, in bytes."""

    @property
    def is_known(self) -> bool:
        """Whether a part of it can be told from a part of another file."""
        return bool(self.validator) and self.size is not None


class Partial:
    """`.NAME.part` beside the target, with `.NAME.part.json` for its origin."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f".{target.name}.part")
        self._facts = target.with_name(f".{target.name}.part.json")
        self._digest = hashlib.sha256()
        self._digested = 0

    @property
    def length(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def origin(self, url: str) -> Origin | None:
        """None when it is not well enough known, or not that of `url`."""
        origin = codec.read_own(self._facts, Origin)
        return origin if origin and origin.url == format_url(url) and origin.is_known else None

    def begin(self, origin: Origin) -> None:
        """Forget the old bytes before the new origin is written: a kill in between leaves nothing to be mixed."""
        self.path.write_bytes(b"")
        files.write_text(self._facts, codec.text_of(origin, indent=None))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._facts.unlink(missing_ok=True)

    @contextmanager
    def appending(self) -> Iterator[Callable[[bytes], None]]:
        """Gives a function that adds bytes; what is added is hashed at once."""
        if self._digested != self.length or not self._digested:
            self._digest = hashlib.sha256()
            self._digested = 0
            self._hash_what_is_there()

        with self.path.open("ab") as stream:

            def add(chunk: bytes) -> None:
                stream.write(chunk)
                self._digest.update(chunk)
                self._digested += len(chunk)

            yield add

    def sha256(self) -> str:
        return self._digest.hexdigest() if self._digested == self.length else files.sha256(self.path)

    def _hash_what_is_there(self) -> None:
        with self.path.open("rb") as stream:
            while chunk := stream.read(files.CHUNK):
                self._digest.update(chunk)
                self._digested += len(chunk)
