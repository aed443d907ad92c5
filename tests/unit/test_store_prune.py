"""What stays in the store, and what goes."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ConfigError, LibTorchError
from tsgen.libtorch.store import Store, staging
from tsgen.project import lock

from .make import libtorch
from .stores import facts, find, maker, source

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.libtorch.store import Entry
    from tsgen.types import Source

    from .conftest import Recorder

DAY = 24 * 3600


def add(store: Store, *sources: Source) -> Entry:
    return store.add(facts(), maker(*sources), sources=sources)


def project(folder: Path, *sources: Source) -> Path:
    """With a lock that names one LibTorch, made from `sources`."""
    folder.mkdir(parents=True, exist_ok=True)
    lock.write(folder, {}, [libtorch(version="2.14.1", origin="wheel", sources=sources).pin])
    return folder


def make_old(path: Path, days: float = 1) -> None:
    os.utime(path, (time.time() - days * DAY,) * 2)


def use_long_ago(store: Store, entry: Entry, root: Path) -> None:
    store.use(entry, root)
    for record in (store.root / "projects").iterdir():
        make_old(record)


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def test_what_no_project_names_is_removed(store: Store, tmp_path: Path) -> None:
    kept, gone = add(store, source("kept")), add(store, source("gone"))
    use_long_ago(store, gone, project(tmp_path / "project", source("kept")))
    removal = store.prune(lock.pins)
    assert names(removal.entries) == [gone.name]
    assert removal.bytes == gone.bytes
    assert store.entries() == [kept]
    assert not gone.folder.exists()
    assert list((store.root / "staging").iterdir()) == []


def test_a_project_needs_all_that_its_lock_names(store: Store, tmp_path: Path) -> None:
    both = [add(store, source("linux")), add(store, source("windows"))]
    root = project(tmp_path / "project", source("linux"))
    (linux,) = lock.pins(root)
    lock.write(root, {}, [replace(linux, platform="windows-x86_64", sources=(source("windows"),))])
    use_long_ago(store, both[0], root)
    assert store.prune(lock.pins).entries == ()


def test_a_part_of_its_files_does_not_keep_a_tree(store: Store, tmp_path: Path) -> None:
    """The CPU libraries of a wheel for CUDA need the wheel of torch alone, all of CUDA those of NVIDIA too."""
    cuda = add(store, source("torch"), source("nvidia"))
    use_long_ago(store, cuda, project(tmp_path / "project", source("torch")))
    assert names(store.prune(lock.pins).entries) == [cuda.name]


def test_a_dry_run_only_says_so(store: Store, tmp_path: Path) -> None:
    gone = add(store, source("gone"))
    use_long_ago(store, gone, tmp_path / "gone project")
    assert names(store.prune(lock.pins, dry_run=True).entries) == [gone.name]
    assert store.entries() == [gone]
    assert len(list((store.root / "projects").iterdir())) == 1


def test_a_project_that_is_gone_needs_nothing_and_is_forgotten(store: Store, tmp_path: Path) -> None:
    entry, root = add(store, source("a")), project(tmp_path / "project", source("a"))
    store.use(entry, root)
    root.rename(tmp_path / "moved")
    assert store.prune(lock.pins).entries == (), "it was moved within this hour"
    use_long_ago(store, entry, root)
    assert names(store.prune(lock.pins).entries) == [entry.name]
    assert list((store.root / "projects").iterdir()) == []


def test_a_build_under_way_keeps_what_its_lock_does_not_name_yet(store: Store, tmp_path: Path) -> None:
    entry, root = add(store, source("a")), tmp_path / "project"
    root.mkdir()
    store.use(entry, root)
    assert store.prune(lock.pins).entries == ()
    use_long_ago(store, entry, root)
    assert names(store.prune(lock.pins).entries) == [entry.name]


def test_nothing_is_removed_while_a_lock_cannot_be_read(store: Store, tmp_path: Path) -> None:
    entry, root = add(store, source("a")), project(tmp_path / "project", source("a"))
    store.use(entry, root)
    (root / "tsgen.lock").write_text("<<<<<<< HEAD", encoding="utf-8")
    with pytest.raises(ConfigError, match="project"):
        store.prune(lock.pins)
    assert store.entries() == [entry]


def test_two_projects_are_two_and_one_is_one(store: Store, tmp_path: Path) -> None:
    entry = add(store, source("a"))
    for name in ("a", "b", "a/../b"):
        (tmp_path / name).mkdir(exist_ok=True)
        store.use(entry, tmp_path / name)
    assert len(list((store.root / "projects").iterdir())) == 2


def test_a_damaged_record_is_passed_over(store: Store, tmp_path: Path) -> None:
    entry = add(store, source("a"))
    store.use(entry, project(tmp_path / "project", source("a")))
    (store.root / "projects" / "damaged.json").write_text("{", encoding="utf-8")
    assert store.prune(lock.pins).entries == ()


def test_what_is_being_fetched_stays(store: Store, recorder: Recorder) -> None:
    entry = add(store, source("a"))
    with staging.alone_with(store.root, facts().variant):
        assert store.prune(lock.pins).entries == ()
        with pytest.raises(LibTorchError, match="another tsgen is at work"):
            store.remove(entry.name)
    assert any(entry.name in note for note in recorder.all("note"))
    assert store.entries() == [entry]


def test_one_can_be_removed_by_its_name(store: Store) -> None:
    entry = add(store, source("a"))
    store.remove(entry.name)
    assert find(store) is None
    with pytest.raises(LibTorchError, match=f"no {entry.name}"):
        store.remove(entry.name)


@pytest.mark.parametrize("name", ["..", "../locks", ".", ""])
def test_only_trees_are_removed(store: Store, name: str) -> None:
    add(store, source("a"))
    with pytest.raises(LibTorchError):
        store.remove(name)
    assert len(store.entries()) == 1


def leftover(store: Store, variant: str) -> Path:
    """As a process leaves it that was killed while it made `variant`."""
    folder = store.root / "staging" / f"{variant}.abcdefgh"
    (folder / "torch").mkdir(parents=True)
    (folder / "torch" / "half").write_bytes(b"1234")
    return folder


def test_what_a_killed_process_left_is_removed(store: Store) -> None:
    leftover(store, facts().variant)
    assert store.prune(lock.pins, dry_run=True).bytes == 4
    assert store.prune(lock.pins).bytes == 4
    assert list((store.root / "staging").iterdir()) == []


@pytest.mark.parametrize("version", ["2.14.1", "1.13.1"], ids=["the same", "another"])
def test_the_next_run_removes_it_too(store: Store, version: str) -> None:
    leftover(store, facts(version=version).variant)
    add(store, source("a"))
    assert list((store.root / "staging").iterdir()) == []


def test_what_a_living_process_makes_stays(store: Store) -> None:
    other = facts(version="1.13.1").variant
    folder = leftover(store, other)
    with staging.alone_with(store.root, other):
        add(store, source("a"))
        store.prune(lock.pins)
        assert folder.exists()


def test_a_folder_that_is_no_libtorch_is_removed(store: Store) -> None:
    entry = add(store, source("a"))
    stranger = store.trees / "stranger"
    stranger.mkdir()
    (stranger / "file").write_bytes(b"123")
    assert store.strangers() == [stranger]
    assert store.prune(lambda _: (), dry_run=True).bytes == 3 + entry.bytes
    store.prune(lambda _: ())
    assert not stranger.exists()


def test_downloads_are_removed_when_nobody_continued_them(store: Store) -> None:
    old, new, held = (store.downloads / name for name in (".old.zip.part", ".new.zip.part", ".old.zip.lock"))
    folder = store.downloads / "wheels"
    folder.mkdir(parents=True)
    for path in (old, new, held, folder / "torch.whl"):
        path.write_bytes(b"12345")
    for path in (old, held, folder / "torch.whl", folder):
        make_old(path, days=8)
    make_old(new, days=6)
    assert store.prune(lock.pins).bytes == 10
    assert sorted(store.downloads.iterdir()) == [new, held]


def test_half_a_small_file_that_a_kill_left_is_removed(store: Store) -> None:
    halves = [store.root / ".CACHEDIR.TAG-abcdefgh", store.root / "projects" / ".a.json-abcdefgh"]
    (store.root / "projects").mkdir(parents=True)
    for path in halves:
        path.touch()
        make_old(path, days=8)
    store.prune(lock.pins)
    assert not any(path.exists() for path in halves)


def test_a_folder_of_downloads_is_as_young_as_the_youngest_file(store: Store) -> None:
    folder = store.downloads / "wheels"
    folder.mkdir(parents=True)
    (folder / "torch.whl").touch()
    make_old(folder, days=30)
    store.prune(lock.pins)
    assert (folder / "torch.whl").exists()
