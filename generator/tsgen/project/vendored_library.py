"""third_party/tsgen of a project: its version, whether somebody edited it, and what tsgen.lock records of it.

The lock keeps the hash of each file beside that of all of them. A list inside the folder would be edited, or forgotten,
together with the files it vouches for, and would have to be made anew for every change of the template. The lock lies
outside, is written by the tsgen that put the folder there, and names the edited file to any other tsgen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from tsgen.console import note
from tsgen.errors import ConfigError, UnsafeError
from tsgen.project import lock
from tsgen.system import files, stat_cache

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types.update import Drift

FOLDER = "third_party/tsgen"
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What a file manager leaves wherever it has been."""
_NAMED = 3
_PUTS_IT_BACK = "`tsgen update --force` puts it back"
_DRIFTS: Mapping[Drift, str] = {
    "older": "is {there}, this tsgen brings {ours}: `tsgen update`",
    "newer": "is {there}, this tsgen brings {ours}: install a newer tsgen",
}


@dataclass(frozen=True, kw_only=True)
class Library:
    """One third_party/tsgen: `files` has the sha256 of each by its path in the folder; none when it is not there."""

    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """One digest of all files, of their paths and bytes, whatever machine they lie on."""
        return files.digest_of(dict(self.files))

    @property
    def called(self) -> str:
        """Its version, in words."""
        return self.version or ("without a VERSION" if self.files else "not there")

    def changed_since(self, other: Library) -> tuple[str, ...]:
        """The files that `other` has otherwise, `NAME (added)` those it has not, `NAME (gone)` those only it has.

        None for a library that is not there: that is one thing, and no list of a hundred.
        """
        if not self.files:
            return ()
        both = sorted({*self.files, *other.files})
        return tuple(
            name
            + ("" if name in self.files and name in other.files else " (added)" if name in self.files else " (gone)")
            for name in both
            if self.files.get(name) != other.files.get(name)
        )


@dataclass(frozen=True, kw_only=True)
class State:
    """A project's library beside what its lock records and what this tsgen brings."""

    there: Library
    locked: Library | None
    ours: Library

    @cached_property
    def edited(self) -> tuple[str, ...]:
        """The files that somebody edited, as far as it is known what they were; none when all are this tsgen's."""
        if self.drift in {"none", "missing"}:
            return ()
        known = self.locked or (self.ours if self.there.version == self.ours.version else self.there)
        return self.there.changed_since(known)

    @cached_property
    def drift(self) -> Drift:
        """How it differs from what this tsgen brings."""
        if self.there.sha256 == self.ours.sha256:
            return "none"
        if not self.there.files:
            return "missing"
        there, ours = _ordered(self.there.version), _ordered(self.ours.version)
        return "other" if there == ours else "older" if there < ours else "newer"


def read(folder: Path) -> Library:
    """The library in `folder`; one without files when there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in _LITTER)
    version = folder / "VERSION"
    return Library(
        version=version.read_text(encoding="utf-8", errors="replace").strip() if version.is_file() else "",
        files={path.relative_to(folder).as_posix(): stat_cache.sha256(path) for path in paths},
    )


def look(root: Path, ours: Path) -> State:
    """The library of the project in `root`; `ours` is the folder of this tsgen's. Raises ConfigError for a bad lock."""
    return State(there=read(root / FOLDER), locked=_locked(lock.read(root).vendored), ours=read(ours))


def row(library: Library) -> lock.Vendored:
    """The library as tsgen.lock records it."""
    return {"version": library.version, "sha256": library.sha256, "files": dict(library.files)}


def to_record(state: State) -> lock.Vendored | None:
    """What `tsgen build` records: what it finds the first time; later only `tsgen update` changes it (None).

    Of the version that this tsgen brings it is known what it was before it was edited.
    """
    if not state.there.files or (state.locked and state.drift != "none"):
        return None
    return row(state.ours if state.there.version == state.ours.version else state.there)


def heed(state: State, *, locked: bool) -> None:
    """Say what a user should know who builds with this library.

    Raises ConfigError when it is not there, UnsafeError when `locked` takes no such one.
    """
    if state.drift == "missing":
        raise ConfigError(f"{FOLDER} is not there", hint="`tsgen update` puts it back, or take it back from git")
    if locked:
        _require_locked(state)
    if state.edited:
        note(f"{FOLDER} differs from what {lock.FILE_NAME} records: {named(state.edited)}; {_PUTS_IT_BACK}")
    if text := _DRIFTS.get(state.drift):
        note(f"{FOLDER} {text.format(there=state.there.called, ours=state.ours.called)}")


def _require_locked(state: State) -> None:
    if state.locked and state.there.sha256 != state.locked.sha256:
        raise UnsafeError(
            f"{FOLDER} is not the one that {lock.FILE_NAME} records, and --locked takes no other",
            hint="take one of them back from git, or `tsgen update --force` puts this tsgen's there and records it",
            details="\n".join(state.there.changed_since(state.locked)),
        )


def named(names: tuple[str, ...]) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _locked(table: lock.Vendored) -> Library | None:
    """None when the lock does not say which files there were."""
    return Library(version=table.get("version", ""), files=table["files"]) if "files" in table else None


def _ordered(version: str) -> Version:
    """A text that is no version comes before every version."""
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0.dev0")
