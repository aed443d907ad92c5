"""The store itself: find, add, verify, remove, prune."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen import console
from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.store import completing, projects, record, refusals, staging, trust
from tsgen.libtorch.store import prune as pruning
from tsgen.libtorch.store.prune import Removal
from tsgen.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tsgen.libtorch.store.record import Entry, Facts
    from tsgen.types import BuildType, Pin, Source


@dataclass(frozen=True)
class Store:
    root: Path

    @property
    def trees(self) -> Path:
        return self.root / "trees"

    @property
    def downloads(self) -> Path:
        """The folder for parts of files; made by whoever writes there."""
        return self.root / "downloads"

    def entries(self) -> list[Entry]:
        """Each LibTorch, by name, damaged ones too."""
        return [entry for folder in self._folders() if (entry := record.read(folder))]

    def strangers(self) -> list[Path]:
        """Folders that no `add` completed, or whose entry.json has been damaged since."""
        unread = [folder for folder in self._folders() if not record.read(folder)]
        return [folder for folder in unread if not record.is_of_another_tsgen(folder)]

    def find(
        self,
        *,
        version: str,
        platform: str,
        accelerator: str | None,
        build_type: BuildType,
        cxx11_abi: bool | None,
        origin: str | None = None,
        sources: Iterable[Source] = (),
    ) -> Entry | None:
        """The newest that answers, made from exactly `sources` if any are given; takes milliseconds."""
        hashes = record.hashes(sources)
        candidates = [
            entry
            for entry in self.entries()
            if entry.answers(
                version=version,
                platform=platform,
                accelerator=accelerator,
                build_type=build_type,
                cxx11_abi=cxx11_abi,
            )
            and origin in {None, entry.origin}
            and (not hashes or hashes == entry.hashes)
        ]
        newest_first = sorted(candidates, key=lambda entry: entry.made, reverse=True)
        return next((entry for entry in newest_first if not _told_flaw(entry)), None)

    def add(
        self, facts: Facts, make: Callable[[Path], tuple[Source, ...]], *, sources: tuple[Source, ...] = ()
    ) -> Entry:
        """The LibTorch that `facts` describe: what another process has just made, else what `make` makes.

        `make` fills an empty folder with `torch` or `libtorch`, looks at it, and says what it was made from; whatever
        it raises, the store stays as it was. `sources` are those that have to come out. Raises DiskError when the
        store cannot be written.
        """
        with refusals.explaining(self.root), staging.alone_with(self.root, facts.variant):
            if found := self._same(facts, sources):
                return found
            self._mark_as_cache()
            for leftover in staging.dead(self.root, own=facts.variant):
                staging.delete(leftover)
            with staging.folder(self.root, facts.variant) as stage, refusals.explaining(self.root, stage):
                came = make(stage)
                _require(came, sources, facts)
                return self._keep(stage, completing.complete(stage, self.trees, facts, came))

    def use(self, entry: Entry, project: Path) -> None:
        """Remember that the project in this folder needs the store; in a store that is read-only nothing is pruned."""
        with suppress(OSError):
            projects.register(self.root, project, entry.name)

    def verify(self, entry: Entry) -> list[str]:
        """Hash every file again; returns what is not as it was stored. While there is such, `find` does not take it."""
        problems = trust.problems(entry)
        trust.mark(entry, problems)
        return problems

    def verify_all(self) -> dict[str, list[str]]:
        """What is wrong with each entry, by its name.

        The folders that are no entries are among them, what another tsgen removes meanwhile is not.
        """
        problems = {entry.name: self.verify(entry) for entry in self.entries()}
        problems = {name: found for name, found in problems.items() if (self.trees / name).exists()}
        return problems | {path.name: [f"{record.FILE_NAME} is missing or damaged"] for path in self.strangers()}

    def remove(self, name: str) -> None:
        """Raises LibTorchError when there is none of this name, or another tsgen is at work on it."""
        folder = self.trees / name
        if folder not in self._folders():
            raise LibTorchError(f"there is no {name} in the store {self.root}", hint="see `tsgen libtorch list`")
        found = record.read(folder)
        variant = found.variant if found else name
        with refusals.explaining(self.root), staging.alone_at_once(self.root, variant) as alone:
            if not alone:
                raise LibTorchError(f"another tsgen is at work on {name}", hint="try again when it has ended")
            if folder.exists():  # else somebody else has just removed it
                staging.retire(folder, self.root, variant)

    def prune(self, pins_of: Callable[[Path], Iterable[Pin]], *, dry_run: bool = False) -> Removal:
        """Remove what no project has locked; `pins_of` reads the tsgen.lock in a project's folder.

        What `pins_of` raises is raised: nothing is removed while it is not known what a project needs.
        """
        locked, used = pruning.needed(self.root, pins_of)
        gone = [entry for entry in self.entries() if entry.hashes not in locked and entry.name not in used]
        with refusals.explaining(self.root):
            if not dry_run:
                gone = [entry for entry in gone if self._removed(entry)]
                pruning.forget_gone(self.root)
            freed = pruning.sweep(self, dry_run=dry_run) + sum(entry.bytes for entry in gone)
        return Removal(entries=tuple(gone), bytes=freed)

    def _same(self, facts: Facts, sources: tuple[Source, ...]) -> Entry | None:
        return next(
            (entry for entry in self.entries() if _is_same(entry, facts, sources) and not trust.flaw(entry)), None
        )

    def _keep(self, stage: Path, entry: Entry) -> Entry:
        """Put the tree in its place, unless the same was put there under another variant."""
        if found := self._whole(entry.folder):
            return found
        if entry.folder.exists():
            staging.retire(entry.folder, self.root, entry.variant)
        self.trees.mkdir(exist_ok=True)
        try:
            os.replace(stage, entry.folder)  # noqa: PTH105 - its name on every system
        except OSError:
            if found := self._whole(entry.folder):
                return found
            raise
        return entry

    def _whole(self, folder: Path) -> Entry | None:
        found = record.read(folder)
        return found if found and not trust.flaw(found) else None

    def _removed(self, entry: Entry) -> bool:
        """One that another tsgen holds stays."""
        try:
            self.remove(entry.name)
        except LibTorchError as error:
            console.note(f"{entry.name} stays: {error.message}")
            return False
        return True

    def _folders(self) -> list[Path]:
        with refusals.explaining(self.root, doing="read"):
            return sorted(path for path in self.trees.iterdir() if path.is_dir()) if self.trees.is_dir() else []

    def _mark_as_cache(self) -> None:
        """Backups leave out what can be fetched again. Source: https://bford.info/cachedir/"""
        tag = self.root / "CACHEDIR.TAG"
        if not tag.exists():
            files.write_text(tag, "Signature: 8a477f597d28d172789f06886806bc55\n")


def _told_flaw(entry: Entry) -> str:
    found = trust.flaw(entry)
    if found:
        console.note(f"{entry.name} in the store is not used: {found}")
    return found


def _is_same(entry: Entry, facts: Facts, sources: tuple[Source, ...]) -> bool:
    hashes = record.hashes(sources)
    return (entry.variant, entry.origin) == (facts.variant, facts.origin) and (not hashes or hashes == entry.hashes)


def _require(came: tuple[Source, ...], expected: tuple[Source, ...], facts: Facts) -> None:
    """Raises UnsafeError when the LibTorch was made from other files than those that were to be."""
    if not came:
        raise LibTorchError(f"LibTorch {facts.version} came from files without a name; it cannot be kept")
    if expected and record.hashes(came) != record.hashes(expected):
        raise UnsafeError(
            f"LibTorch {facts.version} came from {_names(came)}, not from the locked {_names(expected)}",
            hint="delete its entry from tsgen.lock to choose anew",
        )


def _names(sources: tuple[Source, ...]) -> str:
    return ", ".join(f"{source.file} (sha256 {source.sha256})" for source in sources)
