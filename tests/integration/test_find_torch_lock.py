"""A plain CMake build takes the LibTorch that tsgen.lock pins, and nothing else in its place."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tsgen.project.lock import FORMAT
from tsgen.types import Source

from .conftest import python_with_torch, run
from .lock import OFFICIAL, Server, archived, pack, pin, serve, write
from .test_project import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Consumer, MakeTorch, Run

ARCHIVE = "libtorch/cpu/libtorch-shared-with-deps-2.13.0+cpu.zip"


@dataclass(frozen=True)
class Locked:
    """A project whose lock pins an archive on a server of ours."""

    consumer: Consumer
    server: Server
    archive: Path
    sha256: str

    def configure(self, *arguments: str, **env: str) -> Run:
        return self.consumer.configure(*arguments, env={"TSGEN_MIRROR": self.server.address} | env)


@pytest.fixture
def locked(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> Iterator[Locked]:
    root = make_torch(tmp_path / "original", version="2.13.0+cpu", version_file="build-version")
    archive = tmp_path / "served" / ARCHIVE
    sha256 = pack(root, archive)
    write(consumer.source, pin(archived(sha256)))
    with serve(tmp_path / "served") as server:
        yield Locked(consumer, server, archive, sha256)


@pytest.fixture
def python_path(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> str:
    """A PATH whose python3 has a torch."""
    python = python_with_torch(tmp_path / "python", make_torch(tmp_path / "site/torch").parent)
    return f"{python.parent}{os.pathsep}{consumer.environment['PATH']}"


def test_the_pinned_archive_is_fetched_once_built_and_run(locked: Locked) -> None:
    done = locked.configure()
    assert done.ok, done.output
    assert done.report["Torch_VERSION_FULL"] == "2.13.0+cpu"
    assert not set("+%") & set(done.report["TORCH_INSTALL_PREFIX"])
    built = locked.consumer.build()
    assert built.ok, built.output
    assert locked.consumer.run(locked.consumer.build_folder / "consumer").output == "42 stand-in 202002\n"
    assert locked.configure().ok
    assert len(locked.server.asked) == 1
    assert "%2Bcpu.zip" in locked.server.asked[0]


def test_it_comes_before_the_torch_of_python(locked: Locked, python_path: str) -> None:
    assert locked.configure(PATH=python_path).report["Torch_VERSION_FULL"] == "2.13.0+cpu"


def test_an_archive_without_its_top_folder(locked: Locked, tmp_path: Path) -> None:
    write(locked.consumer.source, pin(archived(pack(tmp_path / "original", locked.archive, top=""))))
    assert locked.configure().ok
    assert locked.consumer.build().ok


def test_another_file_than_the_pinned_one_stops(locked: Locked, python_path: str) -> None:
    write(locked.consumer.source, pin(archived("a" * 64)))
    done = locked.configure(PATH=python_path)
    assert not done.ok
    assert "does not have the sha256 that tsgen.lock pins" in done.sentence
    assert f"expected {'a' * 64} came {locked.sha256}" in done.sentence
    assert len(locked.server.asked) == 1
    assert not list(locked.consumer.build_folder.rglob("libtorch-*.zip*"))


def test_a_pin_that_the_server_does_not_have_stops_though_another_was_fetched(locked: Locked) -> None:
    assert locked.configure().ok
    write(locked.consumer.source, pin(archived("b" * 64)))
    assert "does not have the sha256" in locked.configure().sentence


def test_a_lock_that_names_another_file_later_is_followed(
    locked: Locked, tmp_path: Path, make_torch: MakeTorch
) -> None:
    assert locked.configure().ok
    sha256 = pack(make_torch(tmp_path / "newer", version="2.14.1+cpu"), locked.archive)
    write(locked.consumer.source, pin(archived(sha256), version="2.14.1+cpu"))
    assert locked.configure().report["Torch_VERSION_FULL"] == "2.14.1+cpu"


def test_a_missing_archive_says_so_and_what_helps(locked: Locked, python_path: str) -> None:
    locked.archive.unlink()
    done = locked.configure(PATH=python_path)
    assert not done.ok
    assert f"could not be fetched from {locked.server.address}/libtorch/cpu/libtorch-shared" in done.sentence
    for way in ("TSGEN_MIRROR", "-DTorch_ROOT=<folder>", "-DTorch_FETCH=OFF"):
        assert way in done.sentence
    assert len(locked.server.asked) <= 2  # the second: what the handler says of its own 404


@pytest.mark.parametrize("option", ["-DTorch_FETCH=OFF", "-DFETCHCONTENT_FULLY_DISCONNECTED=ON"])
def test_nothing_is_fetched_when_that_is_not_allowed(locked: Locked, python_path: str, option: str) -> None:
    done = locked.configure(option, PATH=python_path)
    assert done.report["Torch_VERSION_FULL"] == "2.14.1+cpu"
    assert not locked.server.asked


def test_what_was_fetched_serves_offline(locked: Locked) -> None:
    assert locked.configure().ok
    locked.server.shutdown()
    assert locked.configure("-DFETCHCONTENT_FULLY_DISCONNECTED=ON").ok


def test_a_plus_is_sent_as_the_server_wants_it(locked: Locked) -> None:
    name = locked.archive.name
    source = Source(file=name, sha256=locked.sha256, url=f"{OFFICIAL}/libtorch/cpu/{name}")
    write(locked.consumer.source, pin((source,)))
    assert locked.configure().ok
    assert "2.13.0%2Bcpu.zip" in locked.server.asked[0]


def test_a_folder_may_stand_in_for_what_would_be_fetched(locked: Locked, tmp_path: Path) -> None:
    root = tmp_path / "original"
    done = locked.configure(f"-DFETCHCONTENT_SOURCE_DIR_LIBTORCH_RELEASE={root}")
    assert done.report["TORCH_INSTALL_PREFIX"] == str(root)
    assert not locked.server.asked


def test_the_presets_of_a_project_share_what_was_fetched(locked: Locked, tmp_path: Path) -> None:
    root = render(tmp_path)
    shutil.copy(locked.consumer.source / "tsgen.lock", root)
    environment = locked.consumer.environment | {"TSGEN_MIRROR": locked.server.address}
    for preset in ("release", "debug"):
        done = run("cmake", "--preset", preset, env=environment, cwd=root)
        assert done.ok, done.output
    assert len(locked.server.asked) == 1


def test_torch_root_comes_before_the_lock(locked: Locked, torch_root: Path) -> None:
    first = locked.configure(Torch_ROOT=str(torch_root))
    assert first.report["TORCH_INSTALL_PREFIX"] == str(torch_root)
    assert locked.configure().report == first.report
    assert not locked.server.asked


def test_a_lock_that_comes_later_is_followed_though_python_was_taken(locked: Locked, python_path: str) -> None:
    assert locked.configure("-DTorch_FETCH=OFF", PATH=python_path).report["Torch_VERSION"] == "2.14.1"
    assert locked.configure("-DTorch_FETCH=ON", PATH=python_path).report["Torch_VERSION"] == "2.13.0"


def test_another_torch_than_the_proven_one_is_taken_with_a_warning(locked: Locked, python_path: str) -> None:
    done = locked.configure("-DTorch_FETCH=OFF", PATH=python_path)
    assert done.ok
    assert "LibTorch 2.14.1 is taken, but tsgen.lock names 2.13.0+cpu" in done.sentence


def test_the_proven_torch_is_taken_without_a_warning(locked: Locked, python_path: str) -> None:
    write(locked.consumer.source, pin((), version="2.14.1+cu130", origin="installed"))
    done = locked.configure(PATH=python_path)
    assert done.ok
    assert "CMake Warning" not in done.output


def test_a_wheel_is_not_for_cmake_to_fetch_but_tsgen_can(consumer: Consumer) -> None:
    wheel = (Source(file="torch-2.14.1.whl", sha256="c" * 64, requirement="torch==2.14.1"),)
    aarch64 = pin(wheel, version="9.9.9", origin="wheel", platform="windows-arm64")
    write(consumer.source, pin(wheel, version="2.14.1", origin="wheel"), aarch64)
    done = consumer.configure()
    assert not done.ok
    assert "tsgen.lock names LibTorch 2.14.1 (wheel) for linux-" in done.sentence
    assert "tsgen libtorch fetch --locked --platform linux-" in done.sentence
    assert "--build-type release" in done.sentence
    assert "-DTorch_ROOT=<root>" in done.sentence


def test_a_lock_for_other_platforms_only_says_nothing(locked: Locked, python_path: str) -> None:
    write_only = pin(archived(locked.sha256), platform="macos-arm64")
    (locked.consumer.source / "tsgen.lock").unlink()
    write(locked.consumer.source, write_only)
    done = locked.configure(PATH=python_path)
    assert done.report["Torch_VERSION"] == "2.14.1"
    assert "tsgen.lock" not in done.output


def test_the_row_of_this_platform_is_found_among_others(locked: Locked) -> None:
    others = [pin((), platform=name, version="9.9.9") for name in ("linux-riscv", "macos-arm64", "windows-x86_64")]
    write(locked.consumer.source, *others)
    assert locked.configure().report["Torch_VERSION_FULL"] == "2.13.0+cpu"


@pytest.mark.parametrize(
    "content",
    ["", "{", "<<<<<<< HEAD\n{}\n=======\n", "[1]", "[];[", '{"format": 2}', '{"format": 2, "libtorch": "no"}'],
)
def test_a_damaged_lock_is_told_without_the_words_of_a_parser(
    consumer: Consumer, torch_root: Path, content: str
) -> None:
    (consumer.source / "tsgen.lock").write_text(content, encoding="utf-8")
    done = consumer.configure(env={"Torch_ROOT": str(torch_root)})
    assert not done.ok
    assert "tsgen.lock cannot be read: it is not the JSON that `tsgen build` writes" in done.sentence
    assert "Take it back from git, or delete it: `tsgen build` writes a new one" in done.sentence
    assert "string" not in done.output


def test_a_lock_of_the_first_format_names_the_command_that_rewrites_it(consumer: Consumer, torch_root: Path) -> None:
    text = '# Written by `tsgen build`, to be committed.\ntemplate = "0.1.0"\n\n[artifact]\n\n[[libtorch]]\n'
    (consumer.source / "tsgen.lock").write_text(text, encoding="utf-8")
    done = consumer.configure(env={"Torch_ROOT": str(torch_root)})
    assert not done.ok
    assert "tsgen.lock was written by an older tsgen, as TOML. `tsgen build` writes the same as JSON" in done.sentence


def test_a_lock_of_another_format_is_told(consumer: Consumer, torch_root: Path) -> None:
    (consumer.source / "tsgen.lock").write_text('{"format": 99, "libtorch": []}', encoding="utf-8")
    done = consumer.configure(env={"Torch_ROOT": str(torch_root)})
    assert not done.ok
    assert f"has the format 99, and this project's CMake files read format {FORMAT}" in done.sentence


@pytest.mark.parametrize("row", ["1", "{}", "[]", '{"platform": null}', '{"platform": "a;b", "sources": 4}'])
def test_a_row_that_says_nothing_is_passed_by(consumer: Consumer, torch_root: Path, row: str) -> None:
    (consumer.source / "tsgen.lock").write_text(f'{{"format": {FORMAT}, "libtorch": [{row}]}}', encoding="utf-8")
    done = consumer.configure(env={"Torch_ROOT": str(torch_root)})
    assert done.ok, done.output
