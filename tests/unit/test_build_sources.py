"""A changed source is compiled whatever its time says, and one that did not change keeps its time."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tsgen.build import sources

if TYPE_CHECKING:
    from pathlib import Path

OLD, BUILT, LATER = 1_000_000_000, 1_000_001_000, 1_000_002_000


def mtime(path: Path) -> float:
    return path.stat().st_mtime


class Project:
    """Built at BUILT from sources of the time OLD."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "build/release"
        self.folder.mkdir(parents=True)
        for name in ("src/main.cpp", "third_party/tsgen/src/a.hpp", "CMakeLists.txt", "README.md", "model/x.cpp"):
            self.write(name, "before", OLD)
        self.settle()
        (self.folder / ".ninja_log").touch()
        os.utime(self.folder / ".ninja_log", (BUILT, BUILT))

    def write(self, name: str, text: str, time: int) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (time, time))
        return path

    def settle(self) -> None:
        sources.settle(self.root, self.folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "app")


@pytest.mark.parametrize("name", ["src/main.cpp", "third_party/tsgen/src/a.hpp", "CMakeLists.txt"])
def test_a_change_with_an_old_time_gets_the_present_one_once(project: Project, name: str) -> None:
    path = project.write(name, "after", OLD)
    project.settle()
    assert mtime(path) > LATER
    os.utime(path, (OLD, OLD))
    project.settle()
    assert mtime(path) == OLD, "Ninja has seen it"


def test_a_copy_that_keeps_its_time_is_seen(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other.cpp"
    other.write_text("another", encoding="utf-8")
    os.utime(other, (OLD - 5, OLD - 5))
    shutil.copy2(other, project.root / "src/main.cpp")
    project.settle()
    assert mtime(project.root / "src/main.cpp") > LATER


def test_what_did_not_change_keeps_its_time(project: Project) -> None:
    project.settle()
    assert mtime(project.root / "src/main.cpp") == OLD


def test_what_ninja_sees_by_itself_keeps_its_time(project: Project) -> None:
    path = project.write("src/main.cpp", "after", LATER)
    project.settle()
    assert mtime(path) == LATER


@pytest.mark.parametrize("name", ["README.md", "model/x.cpp", "build/release/gen.cpp", ".git/a.cpp"])
def test_what_is_no_source_keeps_its_time(project: Project, name: str) -> None:
    path = project.write(name, "after", OLD)
    project.settle()
    assert mtime(path) == OLD


def test_a_build_with_nothing_to_do_writes_nothing(project: Project) -> None:
    record = project.folder / ".tsgen-sources.json"
    os.utime(record, (OLD, OLD))
    project.settle()
    assert mtime(record) == OLD
