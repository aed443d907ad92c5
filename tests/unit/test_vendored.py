"""What is known of a project's third_party/tsgen, and what a build says of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import render
from tsgen.errors import ConfigError, UnsafeError
from tsgen.project import lock, vendored_library
from tsgen.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder

BROUGHT = {"VERSION": "0.2.0\n", "src/core/bind.cpp": "bind", "include/tsgen/model.hpp": "model"}


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return written(tmp_path / "ours", BROUGHT)


@pytest.fixture
def project(tmp_path: Path, ours: Path) -> Path:
    """With the library that this tsgen brings, and no lock."""
    shutil.copytree(ours, tmp_path / "project" / vendored_library.FOLDER)
    return tmp_path / "project"


def written(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        files.write_text(folder / name, text)
    return folder


def record(project: Path, ours: Path) -> None:
    lock.write(project, {}, [], vendored=vendored_library.to_record(vendored_library.look(project, ours)))


def older(project: Path, ours: Path, version: str = "0.1.9") -> Path:
    """Make the project's library another version's, and lock it."""
    written(project / vendored_library.FOLDER, {"VERSION": f"{version}\n", "src/core/bind.cpp": "bind of then"})
    record(project, ours)
    return project


def said(project: Path, ours: Path, recorder: Recorder, *, locked: bool = False) -> list[str]:
    vendored_library.heed(vendored_library.look(project, ours), locked=locked)
    return recorder.all("note")


def test_the_hash_is_of_paths_and_bytes_and_of_nothing_else(project: Path, ours: Path) -> None:
    folder = project / vendored_library.FOLDER
    first = vendored_library.read(folder).sha256
    assert first == vendored_library.read(ours).sha256
    (folder / "VERSION").chmod(0o600)
    (folder / ".DS_Store").touch()
    (folder / "empty").mkdir()
    assert vendored_library.read(folder).sha256 == first
    (folder / "VERSION").rename(folder / "VERSIO")
    assert vendored_library.read(folder).sha256 != first


def test_the_real_one_says_which_version_it_is() -> None:
    library = vendored_library.read(render.library())
    assert library.version
    assert "CMakeLists.txt" in library.files


def test_a_lock_holds_version_and_hashes(project: Path, ours: Path) -> None:
    record(project, ours)
    table = json.loads((project / "tsgen.lock").read_text(encoding="utf-8"))["vendored"]
    assert table["version"] == "0.2.0"
    assert table["sha256"] == vendored_library.read(ours).sha256
    assert table["files"] == {name: files.sha256(ours / name) for name in BROUGHT}


def test_nothing_is_said_of_the_one_that_this_tsgen_brings(project: Path, ours: Path, recorder: Recorder) -> None:
    record(project, ours)
    assert said(project, ours, recorder, locked=True) == []


EDITS: list[tuple[dict[str, Any], str]] = [
    ({"src/core/bind.cpp": "mine"}, "src/core/bind.cpp"),
    ({"src/mine.cpp": "mine"}, "src/mine.cpp (added)"),
    ({"src/core/bind.cpp": None}, "src/core/bind.cpp (gone)"),
]


@pytest.mark.parametrize("locked_version", ["0.1.9", "0.2.0"])
@pytest.mark.parametrize(("edit", "names"), EDITS)
def test_an_edited_file_is_named(
    project: Path, ours: Path, recorder: Recorder, edit: dict[str, Any], names: str, locked_version: str
) -> None:
    older(project, ours, locked_version) if locked_version == "0.1.9" else record(project, ours)
    for name, text in edit.items():
        file = project / vendored_library.FOLDER / name
        file.unlink() if text is None else files.write_text(file, text)
    notes = said(project, ours, recorder)
    assert notes[0] == (
        f"third_party/tsgen differs from what tsgen.lock records: {names}; `tsgen update --force` puts it back"
    )
    assert vendored_library.look(project, ours).edited == (names,)


def test_many_edited_files_are_counted(project: Path, ours: Path, recorder: Recorder) -> None:
    record(project, ours)
    written(project / vendored_library.FOLDER, {f"{number}.cpp": "" for number in range(5)})
    assert "0.cpp (added), 1.cpp (added), 2.cpp (added) and 2 more;" in said(project, ours, recorder)[0]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0.1.9", "is 0.1.9, this tsgen brings 0.2.0: `tsgen update`"),
        ("0.10.0", "is 0.10.0, this tsgen brings 0.2.0: install a newer tsgen"),
        ("mine", "is mine, this tsgen brings 0.2.0: `tsgen update`"),
        ("", "is without a VERSION, this tsgen brings 0.2.0: `tsgen update`"),
    ],
)
def test_another_version_is_told(project: Path, ours: Path, recorder: Recorder, version: str, words: str) -> None:
    older(project, ours, version)
    assert said(project, ours, recorder) == [f"third_party/tsgen {words}"]


@pytest.mark.parametrize("locked", [False, True])
def test_without_it_nothing_is_built(project: Path, ours: Path, *, locked: bool) -> None:
    """Said at once, and not by CMake after the export; in one sentence, not in a line for each file."""
    record(project, ours)
    shutil.rmtree(project / vendored_library.FOLDER)
    with pytest.raises(ConfigError, match="third_party/tsgen is not there") as raised:
        vendored_library.heed(vendored_library.look(project, ours), locked=locked)
    assert "tsgen update" in raised.value.hint
    assert not raised.value.details
    assert vendored_library.look(project, ours).there.changed_since(vendored_library.read(ours)) == ()


def test_the_first_build_knows_an_edit_of_its_own_version(project: Path, ours: Path) -> None:
    written(project / vendored_library.FOLDER, {"src/core/bind.cpp": "mine"})
    record(project, ours)
    assert vendored_library.look(project, ours).edited == ("src/core/bind.cpp",)


def test_a_later_build_does_not_take_an_edit_for_right(project: Path, ours: Path) -> None:
    older(project, ours)
    written(project / vendored_library.FOLDER, {"src/core/bind.cpp": "mine"})
    record(project, ours)
    assert vendored_library.look(project, ours).edited == ("src/core/bind.cpp",)


def test_the_folder_of_this_tsgen_is_right_whatever_the_lock_says(
    project: Path, ours: Path, recorder: Recorder
) -> None:
    """Taken from git, or an update was killed between folder and lock."""
    older(project, ours)
    written(project / vendored_library.FOLDER, BROUGHT)
    assert said(project, ours, recorder) == []
    record(project, ours)
    assert lock.read(project).vendored["version"] == "0.2.0"


def test_locked_takes_no_other_than_the_locked_one(project: Path, ours: Path, recorder: Recorder) -> None:
    older(project, ours)
    said(project, ours, recorder, locked=True)
    written(project / vendored_library.FOLDER, {"src/core/bind.cpp": "mine"})
    with pytest.raises(UnsafeError, match=r"is not the one that tsgen\.lock records") as caught:
        said(project, ours, recorder, locked=True)
    assert caught.value.details == "src/core/bind.cpp"


def test_a_lock_that_does_not_name_the_files_is_as_none(project: Path, ours: Path, recorder: Recorder) -> None:
    lock.write(project, {}, [], vendored={"version": "0.1.9", "sha256": "ab"})
    assert said(project, ours, recorder) == []
