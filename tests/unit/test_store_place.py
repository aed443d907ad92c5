"""Where the store is, and what is said when it cannot be there."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import platformdirs
import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch.store import Store, completing, location, open_store
from tsgen.system.disk import DiskError

from .make import contents
from .stores import facts, find, maker, source, unwanted

if TYPE_CHECKING:
    from tsgen.types import Source

UNWRITABLE = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")


def test_it_is_among_the_data_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs that were built lead into it, and caches are emptied."""
    monkeypatch.delenv("TSGEN_STORE", raising=False)
    assert location() == platformdirs.user_data_path("tsgen", appauthor=False)
    assert "cache" not in location().as_posix().lower()


def test_a_variable_moves_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "elsewhere"))
    assert open_store().root == tmp_path / "elsewhere"
    assert not open_store().root.exists()


@pytest.mark.parametrize(("named", "expected"), [("~/s", "home/s"), ("s/../t", "here/t"), ("./s", "here/s")])
def test_the_variable_is_a_path_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str, expected: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("TSGEN_STORE", named)
    assert location() == tmp_path / expected


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TSGEN_STORE", value)
    assert location() == platformdirs.user_data_path("tsgen", appauthor=False)


def test_without_a_home_it_asks_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user is not in /etc/passwd: `~` stays as it is."""
    monkeypatch.delenv("TSGEN_STORE", raising=False)
    monkeypatch.setattr("tsgen.libtorch.store.place.user_data_path", lambda *_, **__: Path("~/.local/share/tsgen"))
    with pytest.raises(LibTorchError, match="no home folder") as caught:
        open_store()
    assert "TSGEN_STORE" in caught.value.hint


def test_a_file_is_no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "file"))
    with pytest.raises(LibTorchError, match="is a file") as caught:
        open_store()
    assert "TSGEN_STORE" in caught.value.hint


def test_a_store_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "store")
    assert find(store) is None
    with pytest.raises(DiskError, match="a part of its path is a file"):
        store.add(facts(), unwanted)


def test_a_full_disk_leaves_nothing_and_is_told_in_sizes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300_000))

    def make(tree: Path) -> tuple[Source, ...]:
        maker(content=b"x" * 2_000_000)(tree)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskError) as caught:
        store.add(facts(), make)
    assert caught.value.message == (
        f"cannot write to the store {store.root}: no space is left on its disk "
        "after 2.0 MB were written; 300 kB are free"
    )
    assert "TSGEN_STORE" in caught.value.hint
    assert list((store.root / "staging").iterdir()) == []
    assert (store.entries(), store.strangers()) == ([], [])


@pytest.mark.parametrize("file", ["files.json", "entry.json"])
def test_a_disk_that_is_full_at_the_end_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    def full(source: Any, target: Any) -> None:
        if Path(target).name == file:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.rename(source, target)  # noqa: PTH104

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(DiskError, match="no space is left"):
            store.add(facts(), maker())
    assert list((store.root / "staging").iterdir()) == []
    assert store.verify(store.add(facts(), maker())) == []


def test_an_error_that_is_not_the_disks_is_not_taken_for_one(store: Store) -> None:
    class LineError(OSError):
        """As those of requests are."""

    def make(_: Path) -> tuple[Source, ...]:
        raise LineError("the line is broken")

    with pytest.raises(LineError):
        store.add(facts(), make)


def test_the_same_tree_that_another_wish_has_put_there_meanwhile_is_taken(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = completing.complete

    def complete(*arguments: Any) -> Any:
        made = real(*arguments)
        monkeypatch.setattr(completing, "complete", real)
        Store(store.root).add(facts(cxx11_abi=False), maker())
        return made

    monkeypatch.setattr(completing, "complete", complete)
    entry = store.add(facts(), maker())
    assert [entry.name] == [each.name for each in store.entries()]
    assert list((store.root / "staging").iterdir()) == []


def forbid(store: Store) -> None:
    for path in (store.root, *store.root.rglob("*")):
        if path.is_dir():
            path.chmod(0o555)


@UNWRITABLE
def test_a_read_only_store_is_read(store: Store, tmp_path: Path) -> None:
    """As in an image that was made with one."""
    entry = store.add(facts(), maker())
    forbid(store)
    before = contents(store.root)
    assert find(store) == entry
    store.use(entry, tmp_path)
    assert store.verify(entry) == []
    assert contents(store.root) == before


@UNWRITABLE
def test_a_read_only_store_says_so_when_something_is_missing(store: Store) -> None:
    store.add(facts(), maker())
    forbid(store)
    with pytest.raises(DiskError, match="may not be written to") as caught:
        store.add(facts(version="2.13.0"), maker(source("another")))
    assert "TSGEN_STORE" in caught.value.hint


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_lock_that_cannot_be_made_is_told(store: Store, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The same for root, whom no mode stops."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tsgen.libtorch.store.staging.FileLock", refuse)
    with pytest.raises(DiskError, match=r"cannot write to the store .*(read-only|may not be written)"):
        store.add(facts(), unwanted)
