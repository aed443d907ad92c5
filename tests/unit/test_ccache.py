"""Whether ccache can work, and what it did. It ends with an error when it cannot write, so it is asked beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tsgen.system import process
from tsgen.toolchain import ccache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `ccache -p` answers."""
    answer: dict[str, Any] = {"cache_dir": tmp_path / "a", "temporary_dir": tmp_path / "t"}

    def run(*_: object, **__: object) -> process.Finished:
        lines = [f"(default) {name} = {value}" for name, value in answer.items()]
        return process.Finished(status=0, stdout="\n".join(lines), stderr="")

    monkeypatch.setattr(process, "run", run)
    return answer


def test_folders_that_can_be_made_are_none(said: dict[str, Any]) -> None:
    assert ccache.problem("ccache", {}) == ""
    assert said["cache_dir"].is_dir()


@pytest.mark.parametrize("name", ["cache_dir", "temporary_dir"])
def test_a_folder_that_is_a_file_is_one(said: dict[str, Any], tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    said[name] = tmp_path / "file"
    assert ccache.problem("ccache", {}).startswith(f"{tmp_path / 'file'} cannot be written: ")


def test_a_cache_that_is_only_read_need_not_be_writable(said: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said |= {"cache_dir": tmp_path / "file", "read_only": "true"}
    assert ccache.problem("ccache", {}) == ""


def test_a_full_disk_is_one(said: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 3 * 2**20}))
    assert ccache.problem("ccache", {}) == f"{said['temporary_dir']} has only 3 MB left"


def test_a_configuration_that_it_refuses_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = process.Finished(status=1, stdout="ccache: error: ccache.conf:2: invalid size\n", stderr="")
    monkeypatch.setattr(process, "run", lambda *_, **__: refused)
    assert ccache.problem("ccache", {}) == "ccache: error: ccache.conf:2: invalid size"


def test_a_program_that_does_not_start_is_one(tmp_path: Path) -> None:
    (tmp_path / "ccache").touch(mode=0o755)
    assert str(tmp_path / "ccache") in ccache.problem(str(tmp_path / "ccache"), {})


def test_hits_and_misses_are_counted_by_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert ccache.counts(log) is None, "an older ccache, or none"
    words = (
        "# a.cpp",
        "direct_cache_hit",
        "local_storage_hit",
        "# b.cpp",
        "preprocessed_cache_hit",
        "direct_cache_miss",
    )
    log.write_text("\n".join((*words, "# c.cpp", "cache_miss", "direct_cache_miss")), encoding="utf-8")
    assert ccache.counts(log) == (2, 1)
    assert ccache.counts(log, log.read_bytes().index(b"# c.cpp")) == (0, 1)
