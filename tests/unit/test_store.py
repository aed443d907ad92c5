"""The store: what goes in comes out whole, is found by what it is, and is made once."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import LibTorchError, UnsafeError

from .make import contents
from .stores import HEADER, LIBRARY, facts, find, maker, source, unwanted

if TYPE_CHECKING:
    from tsgen.libtorch.store import Store


def test_what_is_added_is_found(store: Store) -> None:
    added = store.add(facts(), maker())
    found = find(store)
    assert found == added
    assert (found.root / "lib" / "libtorch_cpu.so").read_bytes() == b"the library"
    assert found.root == store.trees / found.name / "torch"
    assert found.sources == (source(),)
    assert found.bytes == len(b"the library") + len(b"#pragma once\n")


def test_the_tree_of_an_archive_has_its_root_in_libtorch(store: Store) -> None:
    def make(tree: Path) -> tuple[Any, ...]:
        (tree / "libtorch" / "lib").mkdir(parents=True)
        return (source("libtorch.zip"),)

    assert store.add(facts(origin="archive"), make).root.name == "libtorch"


def test_nothing_is_in_a_store_that_does_not_exist(store: Store) -> None:
    assert find(store) is None
    assert store.entries() == []
    assert store.verify_all() == {}
    assert not store.root.exists()


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ({}, True),
        ({"accelerator": "cuda"}, True),
        ({"accelerator": None}, True),
        ({"cxx11_abi": None}, True),
        ({"version": "2.14.1+cu130"}, True),
        ({"origin": "wheel"}, True),
        ({"build_type": "debug"}, True),
        ({"version": "2.14.0"}, False),
        ({"platform": "linux-aarch64"}, False),
        ({"accelerator": "cu126"}, False),
        ({"accelerator": "cpu"}, False),
        ({"accelerator": "rocm"}, False),
        ({"cxx11_abi": False}, False),
        ({"origin": "archive"}, False),
    ],
    ids=str,
)
def test_it_is_found_by_what_it_is(store: Store, wanted: dict[str, Any], is_found: bool) -> None:  # noqa: FBT001
    store.add(facts(accelerator="cu130"), maker())
    assert bool(find(store, **{"accelerator": "cu130", **wanted})) is is_found


def test_windows_tells_debug_from_release(store: Store) -> None:
    store.add(facts(platform="windows-x86_64"), maker())
    assert find(store, platform="windows-x86_64")
    assert not find(store, platform="windows-x86_64", build_type="debug")


def test_a_lock_takes_only_what_was_made_from_its_files(store: Store) -> None:
    store.add(facts(), maker(source("a"), source("b")))
    assert find(store, sources=(source("b"), source("a")))
    assert not find(store, sources=(source("a"),))
    assert not find(store, sources=(source("a"), source("c")))


def test_of_two_that_answer_the_newest_is_taken(store: Store) -> None:
    store.add(facts(), maker(source("old")))
    newest = store.add(facts(), maker(source("new")), sources=(source("new"),))
    assert find(store) == newest


def test_the_second_who_wants_it_makes_nothing(store: Store) -> None:
    first = store.add(facts(), maker())
    assert store.add(facts(), unwanted) == first
    assert store.add(facts(build_type="debug"), unwanted) == first


def test_the_same_files_are_kept_once_whoever_asked_for_them(store: Store) -> None:
    first = store.add(facts(origin="wheel"), maker())
    assert store.add(facts(origin="archive"), maker()) == first
    assert len(store.entries()) == 1


def test_the_parts_that_were_taken_belong_to_the_key(store: Store) -> None:
    full = store.add(facts(), maker())
    cut = store.add(facts(cut="cpu", origin="archive"), maker())
    assert full.name != cut.name


def test_the_order_of_the_files_makes_no_difference(store: Store) -> None:
    first = store.add(facts(), maker(source("a"), source("b")))
    assert store.add(facts(origin="archive"), maker(source("b"), source("a"))) == first


def test_a_name_is_short_readable_and_safe_in_makefiles(store: Store) -> None:
    name = store.add(facts(version="2.14.1+CU130", accelerator="cu130"), maker(source("torch-2.14.1%2Bcu130"))).name
    assert re.fullmatch(r"2\.14\.1-cu130-cu130-linux-x86_64-[0-9a-f]{16}", name)


def test_files_cannot_be_written_by_accident_and_folders_can_be_deleted(store: Store) -> None:
    entry = store.add(facts(), maker())
    assert not (entry.folder / HEADER).stat().st_mode & 0o222
    assert entry.root.stat().st_mode & stat.S_IWUSR


def test_an_executable_stays_one(store: Store) -> None:
    def make(tree: Path) -> tuple[Any, ...]:
        sources = maker()(tree)
        (tree / LIBRARY).chmod(0o755)
        return sources

    assert store.add(facts(), make).folder.joinpath(LIBRARY).stat().st_mode & 0o111


@pytest.mark.parametrize("error", [LibTorchError("gone"), KeyboardInterrupt()], ids=["refused", "interrupted"])
def test_what_fails_leaves_nothing(store: Store, error: BaseException) -> None:
    def make(tree: Path) -> tuple[Any, ...]:
        maker()(tree)
        raise error

    with pytest.raises(type(error)):
        store.add(facts(), make)
    assert set(contents(store.root)) <= {"CACHEDIR.TAG", f"locks/{facts().variant}.lock"}
    assert list((store.root / "staging").iterdir()) == []
    assert store.verify(store.add(facts(), maker())) == []


def test_a_folder_without_a_libtorch_is_not_kept(store: Store) -> None:
    with pytest.raises(LibTorchError, match="neither torch nor libtorch"):
        store.add(facts(), lambda _: (source(),))
    assert store.entries() == []


def test_other_files_than_the_locked_ones_are_not_kept(store: Store) -> None:
    with pytest.raises(UnsafeError, match=source("came").sha256):
        store.add(facts(), maker(source("came")), sources=(source("locked"),))
    assert store.entries() == []


def test_files_without_a_name_are_not_kept(store: Store) -> None:
    def make(tree: Path) -> tuple[Any, ...]:
        maker()(tree)
        return ()

    with pytest.raises(LibTorchError, match="without a name"):
        store.add(facts(), make)


def test_what_was_being_made_is_not_found(store: Store) -> None:
    def make(tree: Path) -> tuple[Any, ...]:
        sources = maker()(tree)
        assert find(store) is None
        assert (store.entries(), store.strangers()) == ([], [])
        return sources

    assert store.add(facts(), make) == find(store)


def test_the_entry_is_written_last(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a rename that a file system does not do at once cannot put half a tree in place."""
    written: list[str] = []

    def replace(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
        written.append(Path(target).name)
        os.rename(source, target)  # noqa: PTH104

    monkeypatch.setattr(os, "replace", replace)
    entry = store.add(facts(), maker())
    assert written == ["CACHEDIR.TAG", "files.json", "entry.json", entry.name]


def test_bytes_reach_the_disk_before_the_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "sync", lambda: synced.append(any(store.root.glob("staging/*/entry.json"))))
    store.add(facts(), maker())
    assert synced == [True]


def test_finding_one_among_many_takes_milliseconds(store: Store) -> None:
    for number in range(20):
        store.add(facts(version=f"2.{number}.0"), maker(source(str(number))))
    begun = time.perf_counter()
    assert find(store, version="2.7.0")
    assert time.perf_counter() - begun < 0.1


@pytest.mark.parametrize("damage", ["layout", "name", "half", "empty", "list"])
def test_an_entry_that_says_something_else_is_none(store: Store, damage: str) -> None:
    entry = store.add(facts(), maker())
    file = entry.folder / "entry.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    texts = {
        "layout": json.dumps({**document, "layout": "1"}),
        "name": json.dumps({**document, "facts": {**document["facts"], "version": "2.13.0"}}),
        "half": file.read_text(encoding="utf-8")[:100],
        "empty": "",
        "list": "[]",
    }
    file.write_text(texts[damage], encoding="utf-8")
    assert find(store, version="2.13.0" if damage == "name" else "2.14.1") is None
    assert store.entries() == []


def test_a_tree_whose_entry_was_lost_is_made_again(store: Store) -> None:
    entry = store.add(facts(), maker())
    (entry.folder / "entry.json").unlink()
    assert store.verify_all() == {entry.name: ["entry.json is missing or damaged"]}
    assert store.add(facts(), maker()).name == entry.name
    assert store.verify_all() == {entry.name: []}


def test_a_tree_of_another_tsgen_is_left_alone(store: Store) -> None:
    entry = store.add(facts(), maker())
    file = entry.folder / "entry.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"layout": 1', '"layout": 2'), encoding="utf-8")
    assert (store.entries(), store.strangers()) == ([], [])
    store.prune(lambda _: ())
    assert entry.folder.exists()


def test_backups_are_told_that_all_of_it_can_be_fetched_again(store: Store) -> None:
    store.add(facts(), maker())
    tag = (store.root / "CACHEDIR.TAG").read_text(encoding="utf-8")
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_report_has_the_facts(store: Store) -> None:
    entry = store.add(facts(accelerator="cu130"), maker())
    stored = entry.stored
    assert (stored.name, stored.accelerator) == (entry.name, "cu130")
    assert (stored.bytes, stored.root) == (entry.bytes, entry.root)
