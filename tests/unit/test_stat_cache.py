"""What is remembered of files, and what is not believed."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tsgen.system import files, stat_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Looks:
    """Counts how often somebody had to look."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return self.count


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "build").mkdir()
    (tmp_path / "file").write_bytes(b"before")
    return tmp_path


@pytest.fixture
def _old_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file had been there for long: nobody can set back the time of an entry's change."""
    monkeypatch.setattr(stat_cache, "RACY_NS", 0)


def look(root: Path, looks: Callable[[], int], *, given: str = "", kind: str = "it", file: str = "file") -> int:
    """In a run of its own."""
    with stat_cache.of(root):
        return int(stat_cache.remembered(kind, [root / file], looks, given=given))


@pytest.mark.usefixtures("_old_files")
def test_a_file_that_stays_is_looked_at_once(root: Path) -> None:
    looks = Looks()
    assert [look(root, looks) for _ in range(3)] == [1, 1, 1]


@pytest.mark.usefixtures("_old_files")
@pytest.mark.skipif(sys.platform == "win32", reason="st_ctime is the time of creation there")
def test_other_bytes_of_the_same_length_and_time_are_seen(root: Path) -> None:
    looks, path = Looks(), root / "file"
    look(root, looks)
    times = path.stat()
    path.write_bytes(b"after!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (times.st_size, times.st_mtime_ns)
    assert look(root, looks) == 2


@pytest.mark.usefixtures("_old_files")
def test_another_file_in_its_place_is_seen(root: Path) -> None:
    looks = Looks()
    look(root, looks)
    os.replace(root / "file", root / "kept")  # noqa: PTH105
    (root / "file").write_bytes(b"before")
    assert look(root, looks) == 2


@pytest.mark.usefixtures("_old_files")
def test_what_else_the_value_rests_on_counts(root: Path) -> None:
    looks = Looks()
    assert [look(root, looks, given=given) for given in ("a", "a", "b")] == [1, 1, 2]


def test_a_file_that_changed_a_moment_ago_is_looked_at_again(root: Path) -> None:
    """Its next change may bear the same time."""
    looks = Looks()
    assert [look(root, looks), look(root, looks)] == [1, 2]


@pytest.mark.usefixtures("_old_files")
def test_a_file_that_is_not_there_is_no_fact(root: Path) -> None:
    looks = Looks()
    assert [look(root, looks, file="none"), look(root, looks, file="none")] == [1, 2]


@pytest.mark.usefixtures("_old_files")
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"value": 1', '"value": 7'),
        lambda text: text.replace('"format": 1', '"format": 99'),
        lambda text: text.replace('"tsgen": "', '"tsgen": "0.'),
        lambda _: "",
        lambda _: "[]",
        lambda _: '{"facts": 3}',
        lambda _: "\0\udcff",
    ],
)
def test_a_damaged_file_is_passed_over_and_written_anew(root: Path, damage: Callable[[str], str]) -> None:
    looks, place = Looks(), root / stat_cache.PLACE
    look(root, looks)
    text = place.read_text(encoding="utf-8")
    assert damage(text) != text
    place.write_text(damage(text), encoding="utf-8", errors="surrogateescape")
    assert [look(root, looks), look(root, looks)] == [2, 2]


@pytest.mark.usefixtures("_old_files")
def test_facts_whose_digest_is_right_and_whose_form_is_not_are_passed_over(root: Path) -> None:
    looks, place = Looks(), root / stat_cache.PLACE
    look(root, looks)
    document = json.loads(place.read_text(encoding="utf-8"))
    for row in document["facts"].values():
        row["another"] = 1
    document["sha256"] = files.digest_of(document["facts"])
    place.write_text(json.dumps(document), encoding="utf-8")
    assert look(root, looks) == 2


@pytest.mark.usefixtures("_old_files")
def test_where_nothing_can_be_kept_nobody_hears_of_it(root: Path) -> None:
    looks = Looks()
    (root / stat_cache.PLACE).mkdir()
    assert [look(root, looks), look(root, looks)] == [1, 2]
    assert [path.name for path in (root / "build").iterdir()] == [(root / stat_cache.PLACE).name]


@pytest.mark.usefixtures("_old_files")
def test_no_build_folder_is_made(root: Path) -> None:
    (root / "build").rmdir()
    look(root, Looks())
    assert not (root / "build").exists()


@pytest.mark.usefixtures("_old_files")
def test_nothing_new_nothing_written(root: Path) -> None:
    look(root, Looks())
    before = (root / stat_cache.PLACE).stat()
    look(root, Looks())
    assert (root / stat_cache.PLACE).stat() == before


@pytest.mark.usefixtures("_old_files")
def test_what_another_run_needs_stays_and_what_is_out_of_date_goes(root: Path) -> None:
    looks = Looks()
    for name in ("release", "gone"):
        (root / name).write_bytes(b"a runner")
        look(root, looks, file=name)
    (root / "gone").unlink()
    look(root, looks)
    kept = json.loads((root / stat_cache.PLACE).read_text(encoding="utf-8"))["facts"]
    assert sorted(kept) == [f"it {root / 'file'}", f"it {root / 'release'}"]


@pytest.mark.usefixtures("_old_files")
def test_who_asks_for_the_truth_gets_it(root: Path) -> None:
    looks = Looks()
    look(root, looks)
    with stat_cache.of(root):
        stat_cache.distrust(when=True)
        assert stat_cache.remembered("it", [root / "file"], looks) == 2
        assert stat_cache.remembered("it", [root / "file"], looks) == 2
    assert stat_cache.remembered("it", [root / "file"], looks) == 3


def test_what_this_run_put_there_is_not_read_again(root: Path) -> None:
    path = root / "file"
    with stat_cache.of(root):
        stat_cache.tell_sha256(path, "told")
        assert stat_cache.sha256(path) == "told"
        path.write_bytes(b"changed behind our back")
        assert stat_cache.sha256(path) == files.sha256(path)
    with stat_cache.of(root):
        assert stat_cache.sha256(path) == files.sha256(path)


def test_what_was_told_is_no_other_runs(root: Path) -> None:
    with stat_cache.of(root):
        stat_cache.tell_sha256(root / "file", "told")
    with stat_cache.of(root):
        assert stat_cache.sha256(root / "file") == files.sha256(root / "file")


def test_a_missing_file_raises_as_ever(root: Path) -> None:
    with stat_cache.of(root), pytest.raises(FileNotFoundError):
        stat_cache.sha256(root / "none")


@pytest.mark.usefixtures("_old_files")
def test_what_is_found_out_before_there_is_a_project_is_known_to_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: root / "cache" / "tsgen")
    looks = Looks()
    for _ in range(3):
        with stat_cache.of_machine():
            stat_cache.remembered("it", [root / "file"], looks)
    assert looks.count == 1
    assert [path.name for path in (root / "cache/tsgen").iterdir()] == ["stat-cache.json"]


def test_without_a_place_for_it_nothing_is_remembered_and_nothing_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "taken").touch()
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: root / "taken" / "tsgen")
    with stat_cache.of_machine():
        assert stat_cache.remembered("it", [root / "file"], lambda: 7) == 7
