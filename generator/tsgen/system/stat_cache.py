"""build/.tsgen-stat-cache.json: what was found out about files, so that files that stay as they are are read once.

As in Git's index a file is taken for unchanged when what stat tells of it is the same. A file that had changed less
than two seconds before it was looked at is looked at again, since its next change may bear the same time stamp.
Without `of`, nothing is remembered: who asks for the truth, such as `tsgen test`, gets it.
"""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tsgen import __version__
from tsgen.system import codec, files, user_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

PLACE = "build/.tsgen-stat-cache.json"
FORMAT = 1
RACY_NS = 2_000_000_000
"""The coarsest time stamps of a file system in use: those of FAT."""
_SHA256 = "sha256"


@dataclass(frozen=True)
class _Fact:
    paths: list[str]
    stamps: list[list[int]]
    """Of each path: size, times of change of the content and of the entry, inode."""
    given: str
    """What else the value rests on."""
    value: Any
    lasting: bool = True
    """Whether a later run may believe it too."""


class _Facts:
    def __init__(self, facts: dict[str, _Fact]) -> None:
        self._facts, self._used, self.changed = facts, set[str](), False

    def known(self, key: str, stamps: list[list[int]], given: str) -> _Fact | None:
        self._used.add(key)
        fact = self._facts.get(key)
        return fact if fact and (fact.stamps, fact.given) == (stamps, given) else None

    def keep(self, key: str, fact: _Fact) -> None:
        self._used.add(key)
        self._facts[key] = fact
        self.changed = self.changed or fact.lasting

    def forget(self) -> None:
        self._facts.clear()

    def lasting(self) -> dict[str, _Fact]:
        """The facts to keep: not what is out of date. What this run did not ask for may be of another build type."""
        return {key: fact for key, fact in self._facts.items() if fact.lasting and (key in self._used or _holds(fact))}


_current: ContextVar[_Facts | None] = ContextVar("stat_cache", default=None)


def of(root: Path) -> AbstractContextManager[None]:
    """Remember, within the context and for later runs, what is found out for the project at `root`."""
    return _kept_in(root / PLACE)


def of_machine() -> AbstractContextManager[None]:
    """Remember what is found out before there is a project, for every later one of this user."""
    folder = user_cache.folder()
    if folder.is_absolute():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
    return _kept_in(folder / "stat-cache.json")


@contextmanager
def _kept_in(place: Path) -> Iterator[None]:
    facts = _Facts(_read(place))
    token = _current.set(facts)
    try:
        yield
    finally:
        _current.reset(token)
        if facts.changed:
            _write(place, facts.lasting())


def distrust(*, when: bool) -> None:
    """Let everything be looked at again, once."""
    if when and (facts := _current.get()):
        facts.forget()


def sha256(path: Path) -> str:
    """The file's sha256 in hexadecimal digits, made anew where it may have changed. Raises as `files.sha256` does."""
    return str(remembered(_SHA256, [path], lambda: files.sha256(path)))


def tell_sha256(path: Path, digest: str) -> None:
    """Note the sha256 of a file that this run has itself just put in its place; it is believed in this run."""
    facts, stamps = _current.get(), _stamps([path])
    if facts and stamps:
        facts.keep(_key(_SHA256, [path]), _Fact([str(path)], stamps, "", digest, lasting=False))


def remembered(kind: str, paths: list[Path], find_out: Callable[[], Any], *, given: str = "") -> Any:
    """What `find_out` said, in JSON's types, when `paths` and `given` were as they are now; else it is asked."""
    facts, stamps, now = _current.get(), _stamps(paths), time.time_ns()
    if not facts or not stamps:
        return find_out()
    key = _key(kind, paths)
    if fact := facts.known(key, stamps, given):
        return fact.value
    value = find_out()
    if all(max(stamp[1:3]) + RACY_NS <= now for stamp in stamps):
        facts.keep(key, _Fact([str(path) for path in paths], stamps, given, value))
    return value


def _key(kind: str, paths: list[Path]) -> str:
    return " ".join([kind, *map(str, paths)])


def _stamps(paths: list[Path]) -> list[list[int]] | None:
    """None when one is not there. The time of the entry's change also tells of content put back with its old time."""
    try:
        found = [os.stat(path) for path in paths]  # noqa: PTH116 - three hundred files: Path.stat takes twice as long
    except OSError:
        return None
    return [[it.st_size, it.st_mtime_ns, it.st_ctime_ns, it.st_ino] for it in found]


def _holds(fact: _Fact) -> bool:
    return _stamps(fact.paths) == fact.stamps  # type: ignore[arg-type]


def _read(path: Path) -> dict[str, _Fact]:
    """Nothing of a file that is missing or damaged, or of another tsgen, which may have found out other things."""
    try:
        document = codec.parsed(path.read_bytes())
        rows = document["facts"]
        if (document["format"], document["tsgen"], document["sha256"]) == (FORMAT, __version__, files.digest_of(rows)):
            return {key: _Fact(**row) for key, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return {}


def _write(path: Path, facts: Mapping[str, _Fact]) -> None:
    """A disk that is full or read-only costs the next run its time, and nobody an error."""
    rows = {key: asdict(fact) for key, fact in facts.items()}
    document = {"format": FORMAT, "tsgen": __version__, "sha256": files.digest_of(rows), "facts": rows}
    with suppress(OSError):
        if path.parent.is_dir():
            files.write_text(path, codec.text_of(document, indent=0))
