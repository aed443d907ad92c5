"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tsgen.errors import ExportError, RenderError
from tsgen.system import files

from .make import contents

LONG_AGO = (1_000_000_000, 1_000_000_000)
FULL = Path("/dev/full")


class StoppedError(Exception):
    pass


def test_text_is_written_as_utf_8_with_unix_line_ends_into_new_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "ä.txt"
    files.write_text(path, "ü\nb\n")
    assert path.read_bytes() == b"\xc3\xbc\nb\n"
    assert list(path.parent.iterdir()) == [path]


def test_text_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_text(path, "a long text")
    files.write_text(path, "short")
    assert path.read_text(encoding="utf-8") == "short"


def test_a_write_that_fails_leaves_the_old_text_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        files.write_text(path, "new")
    assert contents(tmp_path) == {"a": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_written_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write_text(tmp_path / "a", "")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_an_unchanged_file_keeps_its_time_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert files.write_if_changed(path, "same\n")
    os.utime(path, LONG_AGO)
    assert not files.write_if_changed(path, "same\n")
    assert path.stat().st_mtime == LONG_AGO[1]


def test_a_changed_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old", encoding="utf-8")
    os.utime(path, LONG_AGO)
    assert files.write_if_changed(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mtime > LONG_AGO[1]


@pytest.mark.parametrize("damaged", [b"\xff\xfe", b"same\r\n"], ids=["not UTF-8", "Windows line ends"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(damaged)
    assert files.write_if_changed(path, "same\n")
    assert path.read_bytes() == b"same\n"


def test_moving_into_a_folder_replaces_its_own_files_and_touches_no_other(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for path, text in {
        source / "a": "new",
        source / "sub" / "b": "new",
        target / "a": "old",
        target / "mine": "mine",
        target / "sub" / "mine": "mine",
    }.items():
        files.write_text(path, text)
    files.move_into(source, target)
    assert contents(target) == {"a": b"new", "mine": b"mine", "sub/b": b"new", "sub/mine": b"mine"}
    assert contents(source) == {}


def test_a_stage_stands_beside_its_place_and_disappears(tmp_path: Path) -> None:
    with files.staging(tmp_path / "deep" / "place") as stage:
        (stage / "sub").mkdir()
        (stage / "sub" / "file").touch()
        assert stage.parent == tmp_path / "deep"
    assert list((tmp_path / "deep").iterdir()) == []


@pytest.mark.parametrize("reason", [StoppedError, KeyboardInterrupt])
def test_a_stage_disappears_on_an_error(tmp_path: Path, reason: type[BaseException]) -> None:
    def stop_in(stage: Path) -> None:
        (stage / "file").touch()
        raise reason

    with pytest.raises(reason), files.staging(tmp_path / "place") as stage:
        stop_in(stage)
    assert list(tmp_path.iterdir()) == []


def test_a_stage_that_was_renamed_stays(tmp_path: Path) -> None:
    with files.staging(tmp_path / "place") as stage:
        (stage / "file").touch()
        stage.rename(tmp_path / "place")
    assert contents(tmp_path / "place") == {"file": b""}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "no space is left on its disk"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "it may not be written to"),
        (errno.EPERM, "it may not be written to"),
        (errno.ENOTDIR, "a part of its path is a file, not a folder"),
        (errno.ENAMETOOLONG, "its name is too long"),
        (errno.EBUSY, os.strerror(errno.EBUSY)),
    ],
)
def test_a_system_error_becomes_a_sentence(number: int, reason: str) -> None:
    with pytest.raises(RenderError) as caught, files.writing(Path("place"), RenderError):
        raise OSError(number, os.strerror(number))
    assert caught.value.message == f"cannot write to place: {reason}"
    assert "--output" in caught.value.hint


def test_an_error_that_is_not_of_the_system_passes(tmp_path: Path) -> None:
    with pytest.raises(StoppedError), files.writing(tmp_path, ExportError):
        raise StoppedError


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_called_full() -> None:
    with pytest.raises(ExportError, match="no space is left"), files.writing(FULL, ExportError):
        FULL.write_text("some text", encoding="utf-8")


def test_a_folder_below_a_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "sub" / "place"
    with pytest.raises(ExportError, match="is a file, not a folder"), files.writing(place, ExportError):
        files.write_text(place, "text")


def test_a_folder_that_is_a_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="is a file, not a folder"), files.writing(tmp_path, ExportError):
        files.write_text(tmp_path / "file" / "place", "text")


def test_a_name_that_is_too_long_is_told_so(tmp_path: Path) -> None:
    place = tmp_path / ("a" * 300)
    with pytest.raises(ExportError, match="its name is too long"), files.writing(place, ExportError):
        files.write_text(place, "text")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(ExportError, match="it may not be written to"), files.writing(tmp_path, ExportError):
        files.write_text(tmp_path / "a", "text")


def test_a_hash_is_the_usual_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert files.digest_of({"a": 1, "b": [1, None]}) == files.digest_of({"b": [1, None], "a": 1})
    assert files.digest_of({"a": 1}) != files.digest_of({"a": 1.5})


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_who_may_not_write_is_not_told_to_make_room(number: int) -> None:
    with pytest.raises(RenderError) as caught, files.writing(Path("place"), RenderError):
        raise OSError(number, os.strerror(number))
    assert caught.value.hint == "make it writable, or choose another folder with --output"
