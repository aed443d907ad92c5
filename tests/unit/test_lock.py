"""tsgen.lock: what a project was resolved to and exported from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import tomlkit

from tsgen import __version__, lock
from tsgen.errors import ConfigError, UnsafeError
from tsgen.types import Source

from .make import libtorch

if TYPE_CHECKING:
    from pathlib import Path

ARTIFACT = {"sha256": "ab", "request": "cd", "sources": {"../net.py": "ef"}}
WHEELS = (
    Source(file="torch.whl", sha256="1" * 64, requirement="torch==2.14.1"),
    Source(file="cupti.whl", sha256="2" * 64, requirement="nvidia-cuda-cupti==13.0.85"),
)


def test_what_was_locked_is_read_again(tmp_path: Path) -> None:
    assert lock.write(tmp_path, ARTIFACT, [libtorch().pin])
    assert lock.read(tmp_path) == {
        "template": __version__,
        "artifact": ARTIFACT,
        "libtorch": [
            {
                "platform": "linux-x86_64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": True,
                "origin": "installed",
            }
        ],
    }


def test_a_libtorch_keeps_its_fellows_of_other_platforms(tmp_path: Path) -> None:
    mac = libtorch(platform="macos-arm64")
    for found in (mac, libtorch(), libtorch(build_type="debug"), libtorch(version="2.15.0")):
        lock.write(tmp_path, ARTIFACT, [found.pin])
    rows = [(row["platform"], row["build_type"], row["version"]) for row in lock.read(tmp_path)["libtorch"]]
    assert rows == [
        ("linux-x86_64", "debug", "2.14.1+cpu"),
        ("linux-x86_64", "release", "2.15.0"),
        ("macos-arm64", "release", "2.14.1+cpu"),
    ]


def test_the_same_facts_do_not_change_the_file(tmp_path: Path) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path).pin])
    assert not lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path / "elsewhere").pin])


def test_it_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(tmp_path).pin])
    assert str(tmp_path) not in (tmp_path / "tsgen.lock").read_text(encoding="utf-8")


def test_without_a_file_nothing_is_locked(tmp_path: Path) -> None:
    assert lock.read(tmp_path) == {}


@pytest.mark.parametrize("content", [b"<<<<<<< HEAD\n", b"a = ", b"\xff"], ids=repr)
def test_a_merge_conflict_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tsgen.lock").write_bytes(content)
    with pytest.raises(ConfigError, match="is not a lock of tsgen") as caught:
        lock.read(tmp_path)
    assert "tsgen build" in caught.value.hint


def test_another_kind_of_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "tsgen.lock").write_text(tomlkit.dumps({"libtorch": [{"version": "2"}]}), encoding="utf-8")
    with pytest.raises(ConfigError):
        lock.write(tmp_path, ARTIFACT, [libtorch().pin])


def test_the_files_of_a_libtorch_are_pinned(tmp_path: Path) -> None:
    wheel, installed = libtorch(origin="wheel", sources=WHEELS).pin, libtorch(platform="macos-arm64").pin
    lock.write(tmp_path, ARTIFACT, [wheel, installed])
    assert lock.pins(tmp_path) == (wheel, installed)
    assert lock.pins(tmp_path)[0].sources == WHEELS


def test_cmake_reads_it_line_by_line(tmp_path: Path) -> None:
    """cmake/TorchLock.cmake knows only this form: a table's header, then one key a line."""
    lock.write(tmp_path, ARTIFACT, [libtorch(origin="wheel", sources=WHEELS).pin])
    lines = (tmp_path / "tsgen.lock").read_text(encoding="utf-8").splitlines()
    begin = lines.index("[[libtorch]]")
    assert lines[begin + 1 : begin + 7] == [
        'platform = "linux-x86_64"',
        'build_type = "release"',
        'version = "2.14.1+cpu"',
        'accelerator = "cpu"',
        "cxx11_abi = true",
        'origin = "wheel"',
    ]
    assert lines[begin + 8 : begin + 11] == ["[[libtorch.sources]]", 'file = "torch.whl"', f'sha256 = "{"1" * 64}"']


@pytest.mark.parametrize("file", ["../evil.whl", "/etc/passwd", "a\\b.whl", "..", "", "a b.whl"])
def test_a_file_elsewhere_is_refused(tmp_path: Path, file: str) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch(origin="wheel", sources=(replace(WHEELS[0], file=file),)).pin])
    with pytest.raises(UnsafeError, match="no plain file name"):
        lock.pins(tmp_path)


@pytest.mark.parametrize(
    "change", [{"sources": [{"file": "a"}]}, {"sources": [{"file": "a", "sha256": ""}]}, {"colour": "red"}], ids=repr
)
def test_a_row_that_is_not_ours_is_told(tmp_path: Path, change: dict[str, object]) -> None:
    lock.write(tmp_path, ARTIFACT, [libtorch().pin])
    document = lock.read(tmp_path)
    document["libtorch"][0].update(change)
    (tmp_path / "tsgen.lock").write_text(tomlkit.dumps(document), encoding="utf-8")
    with pytest.raises(ConfigError, match="is not a lock of tsgen"):
        lock.pins(tmp_path)
