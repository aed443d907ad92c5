"""Zips are unpacked as they are, and damaged or unexpected ones are told from foul ones."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import LibTorchError, UnsafeError
from tsgen.libtorch.archive import unpack as unpacking
from tsgen.libtorch.archive.unpack import names, unpack
from tsgen.system.disk import DiskError

from .archives import CENTRAL, LIBTORCH, LINK, LOCAL, PROGRAM, Entry, patched, write_zip
from .make import contents
from .test_fetch_refusals import Usage

if TYPE_CHECKING:
    from .conftest import Recorder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def make(tmp_path: Path, *entries: Entry) -> Path:
    return write_zip(tmp_path / "a.zip", *entries)


def test_every_file_has_its_bytes(tmp_path: Path, target: Path) -> None:
    unpack(make(tmp_path, *LIBTORCH), target)
    files = {entry.name: entry.content for entry in LIBTORCH if entry.mode != LINK and not entry.name.endswith("/")}
    links = {"libtorch/lib/libtorch_cpu.so": files["libtorch/lib/libtorch_cpu.so.2"]}
    assert contents(target) == files | links


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_links_and_executable_bits_are_kept(tmp_path: Path, target: Path) -> None:
    before = os.umask(0o027)
    try:
        unpack(make(tmp_path, *LIBTORCH, Entry("setuid", b"", stat.S_IFREG | 0o4755)), target)
    finally:
        os.umask(before)
    assert (target / "libtorch/lib/libtorch_cpu.so").readlink() == Path("libtorch_cpu.so.2")
    modes = {name: stat.S_IMODE((target / name).stat().st_mode) for name in ("setuid", "libtorch/build-version")}
    assert modes == {"setuid": 0o750, "libtorch/build-version": 0o640}


@pytest.mark.parametrize("link", ["b", "../b", "d/e/f", "../../x/y/z", "missing"])
def test_links_within_the_archive_are_kept(tmp_path: Path, target: Path, link: str) -> None:
    unpack(make(tmp_path, Entry("x/y/link", link.encode(), LINK), Entry("x/y/b"), Entry("x/b")), target)
    assert (target / "x/y/link").readlink() == Path(link)


def test_a_zip_that_was_not_made_on_unix_has_no_modes(tmp_path: Path, target: Path) -> None:
    unpack(make(tmp_path, Entry("a.dll", b"MZ", 0)), target)
    assert contents(target) == {"a.dll": b"MZ"}


def test_only_what_is_wanted_is_unpacked(tmp_path: Path, target: Path) -> None:
    unpack(make(tmp_path, *LIBTORCH), target, lambda name: name.startswith("libtorch/include/"))
    assert set(contents(target)) == {"libtorch/include/torch/script.h"}


def test_a_second_archive_replaces_files_and_not_what_links_lead_to(tmp_path: Path, target: Path) -> None:
    unpack(make(tmp_path, Entry("a", b"old"), Entry("link", b"a", LINK)), target)
    unpack(make(tmp_path, Entry("link", b"new")), target)
    assert contents(target) == {"a": b"old", "link": b"new"}


def test_the_names_of_the_files(tmp_path: Path) -> None:
    archive = make(tmp_path, Entry("./a/", mode=stat.S_IFDIR | 0o755), Entry("./a/b"), Entry("c", b"a", LINK))
    assert names(archive) == ["a/b", "c"]


def test_the_way_is_shown(tmp_path: Path, target: Path, recorder: Recorder) -> None:
    unpack(make(tmp_path, Entry("a", b"x" * 1000)), target)
    assert recorder.all("progress") == ["━━━━━━━━━━━━ unpack 1.0 of 1.0 kB"]


def refusal(archive: Path, target: Path) -> LibTorchError:
    with pytest.raises(LibTorchError) as caught:
        unpack(archive, target)
    return caught.value


@pytest.mark.parametrize("content", [b"", b"<html>login</html>", b"\x7fELF" * 100])
def test_what_is_no_zip_is_told_by_its_begin(tmp_path: Path, target: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    message = refusal(tmp_path / "a.zip", target).message
    assert message == f"a.zip is not a whole zip file: it begins with {content[:16]!r}"


@pytest.mark.parametrize("missing", [1, 30, 2000])
def test_a_zip_that_is_cut_off_says_so(tmp_path: Path, target: Path, missing: int) -> None:
    archive = make(tmp_path, *(Entry(f"a{number}", os.urandom(2000)) for number in range(3)))
    archive.write_bytes(archive.read_bytes()[:-missing])
    error = refusal(archive, target)
    assert "its end is missing" in error.message
    assert "fetch it again" in error.hint


def test_damaged_bytes_are_seen(tmp_path: Path, target: Path) -> None:
    archive = make(tmp_path, Entry("a", os.urandom(2000)))
    error = refusal(patched(archive, LOCAL, 500, b"damaged"), target)
    assert "CRC" in error.message


def test_damaged_packing_is_seen(tmp_path: Path, target: Path) -> None:
    archive = make(tmp_path, Entry("a", b"abc" * 1000))
    assert "decompressing" in refusal(patched(archive, LOCAL, 31, b"\xff\xff"), target).message


@pytest.mark.parametrize("declared", [10, 5000])
def test_a_file_has_the_size_that_is_declared(tmp_path: Path, target: Path, declared: int) -> None:
    archive = make(tmp_path, Entry("a", os.urandom(2000)))
    error = refusal(patched(archive, CENTRAL, 24, declared.to_bytes(4, "little")), target)
    assert "a.zip is not a whole zip file" in error.message
    path = target / "a"
    assert not path.exists() or path.stat().st_size <= max(declared, 2000)


def test_an_unknown_packing_is_a_sentence(tmp_path: Path, target: Path) -> None:
    archive = patched(make(tmp_path, Entry("a", b"b")), CENTRAL, 10, (97).to_bytes(2, "little"))
    assert "packed in a way" in refusal(archive, target).message


def test_the_room_is_asked_for_first(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = make(tmp_path, Entry("a", b"x" * 3000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 10**6 - 2999, 2999))
    error = refusal(archive, target)
    assert isinstance(error, DiskError)
    assert "a.zip, unpacked, needs 3.0 kB, and 3.0 kB are free" in error.message
    assert list(target.iterdir()) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 10**6 - 3000, 3000))
    unpack(archive, target)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(refusal(make(tmp_path, Entry("a")), tmp_path / "file" / "target"), DiskError)


def test_names_that_are_one_on_this_disk_are_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make(tmp_path, Entry("lib/A"), Entry("lib/a"))
    monkeypatch.setattr(unpacking, "_ignores_case", lambda _: True)
    with pytest.raises(UnsafeError, match="`lib/A` and `lib/a`, which are one file"):
        unpack(archive, target)
    monkeypatch.setattr(unpacking, "_ignores_case", lambda _: False)
    unpack(archive, target)
    assert set(contents(target)) == {"lib/A", "lib/a"}


def test_whether_a_disk_ignores_case_is_tried(tmp_path: Path) -> None:
    (tmp_path / "probed").mkdir()
    (tmp_path / "Upper").touch()
    assert unpacking._ignores_case(tmp_path / "probed") is (tmp_path / "uPPER").exists()
    assert list((tmp_path / "probed").iterdir()) == []


def test_programs_stay_programs(tmp_path: Path, target: Path) -> None:
    unpack(make(tmp_path, Entry("p", b"#!/bin/sh\n", PROGRAM), Entry("q", b"#!/bin/sh\n")), target)
    assert os.access(target / "p", os.X_OK)
    assert os.name == "nt" or not os.access(target / "q", os.X_OK)
