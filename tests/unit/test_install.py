"""A fresh export takes the place of an older one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tsgen.model import changed_files, install, read
from tsgen.system import files
from tsgen.types import Case

from .make import contents, exported

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Artifact

OLD = (Case(name="ones", python_milliseconds=1.0), Case(name="size-N-3", python_milliseconds=1.0))
NEW = (Case(name="ones", python_milliseconds=1.0), Case(name="random-1", python_milliseconds=1.0))


@pytest.fixture
def fresh(tmp_path: Path) -> Artifact:
    return exported(tmp_path / "fresh", cases=NEW, method="script")


def test_an_export_is_installed_whole(tmp_path: Path, fresh: Artifact) -> None:
    wanted = contents(fresh.path.parent)
    installed = install(fresh.path.parent, tmp_path / "model", fresh)
    assert contents(tmp_path / "model") == wanted
    assert installed == replace(fresh, path=tmp_path / "model/model.pt")
    assert changed_files(tmp_path / "model") == []


def test_the_cases_of_the_older_one_are_gone(tmp_path: Path, fresh: Artifact) -> None:
    exported(tmp_path / "model", cases=OLD)
    wanted = contents(fresh.path.parent)
    install(fresh.path.parent, tmp_path / "model", fresh)
    assert contents(tmp_path / "model") == wanted
    assert sorted(path.name for path in (tmp_path / "model" / "cases").iterdir()) == ["ones", "random-1"]


def test_what_the_user_put_there_stays(tmp_path: Path, fresh: Artifact) -> None:
    exported(tmp_path / "model", cases=OLD)
    own = ("README.md", "cases/size-N-3/notes.txt", "cases/mine/input.x.npy")
    for name in own:
        files.write_text(tmp_path / "model" / name, "mine")
    install(fresh.path.parent, tmp_path / "model", fresh)
    assert {name: contents(tmp_path / "model").get(name) for name in own} == dict.fromkeys(own, b"mine")


def test_a_broken_older_manifest_is_no_obstacle(tmp_path: Path, fresh: Artifact) -> None:
    files.write_text(tmp_path / "model" / "manifest.json", "{")
    install(fresh.path.parent, tmp_path / "model", fresh)
    assert read(tmp_path / "model").method == "script"


def test_a_manifest_that_names_files_outside_removes_none_of_them(tmp_path: Path, fresh: Artifact) -> None:
    files.write_text(tmp_path / "precious", "mine")
    files.write_text(tmp_path / "model" / "manifest.json", '{"format": 1, "files": {"../precious": "00"}}')
    install(fresh.path.parent, tmp_path / "model", fresh)
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "mine"


def test_a_killed_installation_is_seen_as_none(
    tmp_path: Path, fresh: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the old manifest nor the new one may vouch for a mixture."""
    exported(tmp_path / "model", cases=OLD)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "move_into", killed)
    with pytest.raises(KeyboardInterrupt):
        install(fresh.path.parent, tmp_path / "model", fresh)
    assert not (tmp_path / "model" / "manifest.json").exists()
