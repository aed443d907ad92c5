"""What has happened to a tree since it was stored."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tsgen.libtorch.store import Store

from .stores import HEADER, LIBRARY, facts, find, maker, overwrite, unwanted

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.libtorch.store import Entry

    from .conftest import Recorder

OTHER = b"the liberty"


@pytest.fixture
def entry(store: Store) -> Entry:
    return store.add(facts(), maker())


def test_what_is_whole_has_no_problems(store: Store, entry: Entry) -> None:
    assert store.verify(entry) == []
    assert store.verify_all() == {entry.name: []}


def test_changed_missing_and_new_files_are_named(store: Store, entry: Entry) -> None:
    overwrite(entry.folder / LIBRARY, OTHER)
    (entry.folder / HEADER).unlink()
    (entry.folder / "torch/lib/new.so").touch()
    problems = store.verify(entry)
    assert len(problems) == 3
    assert f"{HEADER} is missing" in problems
    assert "torch/lib/new.so was not there when it was stored" in problems
    assert any(problem.startswith(f"{LIBRARY} has changed: expected sha256 ") for problem in problems)


def test_a_link_that_leads_elsewhere_is_named(store: Store, entry: Entry) -> None:
    link = entry.folder / "torch/lib/libtorch_cpu.so.2"
    link.unlink()
    link.symlink_to("other.so")
    assert store.verify(entry) == [
        "torch/lib/libtorch_cpu.so.2 has changed: expected a link to libtorch_cpu.so, found a link to other.so"
    ]


def test_a_link_in_the_place_of_a_file_is_named(store: Store, entry: Entry) -> None:
    """Even one to the same bytes: they are somebody else's."""
    library = entry.folder / LIBRARY
    outside = store.root / "mine.so"
    shutil.copyfile(library, outside)
    library.unlink()
    library.symlink_to(outside)
    assert any(problem.startswith(f"{LIBRARY} has changed") for problem in store.verify(entry))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_named(store: Store, entry: Entry) -> None:
    (entry.folder / HEADER).chmod(0)
    assert any(f"{HEADER} has changed" in problem and "cannot be read" in problem for problem in store.verify(entry))


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_without_its_list_of_files_nothing_is_whole(store: Store, entry: Entry, damage: str) -> None:
    listed = entry.folder / "files.json"
    listed.unlink()
    if damage == "changed":
        listed.write_text('{"sizes": {}, "hashes": {}, "links": {}}', encoding="utf-8")
    assert store.verify(entry) == ["files.json is missing or has changed"]


def test_what_failed_to_verify_is_not_found_and_is_made_again(store: Store, entry: Entry, recorder: Recorder) -> None:
    overwrite(entry.folder / LIBRARY, OTHER)
    assert find(store) == entry, "the size is the same, and only `verify` reads every byte"
    store.verify(entry)
    assert find(store) is None
    assert recorder.all("note") == [
        f"{entry.name} in the store is not used: `tsgen libtorch verify` found other bytes in it than were stored"
    ]
    again = store.add(facts(), maker())
    assert store.verify(again) == []
    assert find(store) == again
    assert list((store.root / "staging").iterdir()) == []


def test_what_is_whole_again_is_found_again(store: Store, entry: Entry) -> None:
    overwrite(entry.folder / LIBRARY, OTHER)
    store.verify(entry)
    overwrite(entry.folder / LIBRARY, b"the library")
    assert store.verify(entry) == []
    assert find(store) == entry


@pytest.mark.parametrize("content", [b"the lib", b"", None], ids=["cut off", "empty", "gone"])
def test_a_library_that_is_not_all_there_is_seen_at_once(
    store: Store, entry: Entry, recorder: Recorder, content: bytes | None
) -> None:
    library = entry.folder / LIBRARY
    overwrite(library, content or b"")
    if content is None:
        library.unlink()
    assert find(store) is None
    assert recorder.all("note") == [f"{entry.name} in the store is not used: {LIBRARY} is missing or cut off"]
    assert (store.add(facts(), maker()).folder / LIBRARY).read_bytes() == b"the library"


def test_an_older_whole_one_stands_in_for_a_damaged_one(store: Store, entry: Entry) -> None:
    newer = store.add(facts(origin="archive", cut="other"), maker())
    (newer.folder / LIBRARY).unlink()
    assert find(store) == entry


def test_verify_does_not_bring_back_what_was_removed(store: Store, entry: Entry) -> None:
    store.remove(entry.name)
    store.verify(entry)
    assert not entry.folder.exists()


def test_a_store_that_is_copied_is_as_good(store: Store, entry: Entry, tmp_path: Path) -> None:
    """A cache of CI comes back in another folder, at another time."""
    shutil.copytree(store.root, tmp_path / "copy", symlinks=True)
    copied = Store(tmp_path / "copy")
    assert copied.add(facts(), unwanted).folder == copied.trees / entry.name
    assert copied.verify_all() == {entry.name: []}
