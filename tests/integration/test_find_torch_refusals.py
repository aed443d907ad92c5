"""What find_package(Torch) says of a LibTorch that it cannot use."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Consumer, MakeTorch


def test_a_missing_library_is_named(torch_root: Path, consumer: Consumer) -> None:
    (torch_root / "lib/libc10.so").unlink()
    done = consumer.configure(f"-DTorch_ROOT={torch_root}")
    assert not done.ok
    assert '"lib/libc10.so" is missing (and nothing like it is there)' in done.sentence
    assert "Unpack or install it again" in done.sentence


def test_a_libtorch_for_another_system_is_told_apart(torch_root: Path, consumer: Consumer) -> None:
    for library in (torch_root / "lib").iterdir():
        library.rename(library.with_suffix(".dylib"))
    done = consumer.configure(f"-DTorch_ROOT={torch_root}")
    assert 'cannot be used for Linux: "lib/libtorch_cpu.so" is missing (there: lib/libtorch_cpu.dylib)' in done.sentence


def test_missing_headers_are_named(torch_root: Path, consumer: Consumer) -> None:
    shutil.rmtree(torch_root / "include")
    assert (
        'no headers: expected "include/torch/csrc/api/include"'
        in consumer.configure(f"-DTorch_ROOT={torch_root}").sentence
    )


def test_a_libtorch_without_a_version_is_refused(torch_root: Path, consumer: Consumer) -> None:
    (torch_root / "version.py").unlink()
    assert "does not say its version" in consumer.configure(f"-DTorch_ROOT={torch_root}").sentence


@pytest.mark.parametrize("name", ["a;b", "a,b", "a:b", "a|b", "a$<b>"])
def test_a_folder_name_that_the_tools_misread_is_refused_at_once(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, name: str
) -> None:
    done = consumer.configure(f"-DTorch_ROOT={make_torch(tmp_path / name)}")
    assert not done.ok
    assert "in the folder's name. Rename the folder, or set Torch_ROOT to a symbolic link" in done.sentence


@pytest.fixture
def on_windows(consumer: Consumer, torch_root: Path) -> Consumer:
    """A project that believes to be built by MSVC on Windows; it has no compiler, so it can only be configured."""
    (consumer.source / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.18...4.2)\n"
        "project(consumer LANGUAGES NONE)\n"
        "set(WIN32 TRUE)\nset(UNIX)\nset(MSVC TRUE)\n"
        "find_package(Torch REQUIRED)\n"
        "get_target_property(location torch_cpu IMPORTED_IMPLIB_DEBUG)\n"
        'message(STATUS "report location=${location}")\n'
    )
    for name in ("torch_cpu.lib", "torch_cpu.dll", "c10.lib", "c10.dll"):
        (torch_root / "lib" / name).touch()
    return consumer


def test_msvc_debug_with_a_release_libtorch_is_refused(on_windows: Consumer, torch_root: Path) -> None:
    done = on_windows.configure(f"-DTorch_ROOT={torch_root}", "-DCMAKE_BUILD_TYPE=Debug")
    assert not done.ok
    assert "Build the configuration RelWithDebInfo (-DCMAKE_BUILD_TYPE=RelWithDebInfo" in done.sentence


def test_msvc_debug_with_a_debug_libtorch_beside_it(on_windows: Consumer, torch_root: Path) -> None:
    debug = shutil.copytree(torch_root, torch_root.with_name("debug"))
    done = on_windows.configure(f"-DTorch_ROOT={torch_root}", f"-DTorch_ROOT_DEBUG={debug}", "-DCMAKE_BUILD_TYPE=Debug")
    assert done.report["location"] == f"{debug}/lib/torch_cpu.lib"


def test_msvc_release_needs_no_debug_libtorch(on_windows: Consumer, torch_root: Path) -> None:
    assert on_windows.configure(f"-DTorch_ROOT={torch_root}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo").ok
