"""Programs built with find_package(Torch) start: in the build tree, after an install, from awkward folders."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Consumer, MakeTorch


def test_the_program_finds_libtorch_in_the_build_tree_and_after_an_install(
    torch_root: Path, consumer: Consumer
) -> None:
    consumer.configure(f"-DTorch_ROOT={torch_root}")
    built = consumer.build()
    assert built.ok, built.output
    assert consumer.run(consumer.build_folder / "consumer").output == "42 stand-in 202002\n"
    prefix = consumer.build_folder.parent / "installed"
    assert consumer.run("cmake", "--install", consumer.build_folder, "--prefix", prefix).ok
    shutil.rmtree(consumer.build_folder)
    assert consumer.run(prefix / "bin/consumer").ok


def test_a_libtorch_of_which_a_needed_library_is_absent_still_links(torch_root: Path, consumer: Consumer) -> None:
    """As a CUDA distribution on a machine without NVIDIA libraries: they are found at run time, by its own run path."""
    hidden = shutil.move(torch_root / "lib/libc10.so", torch_root / "hidden.so")
    (torch_root / "lib/libc10.so").write_text("")  # an empty linker script: present, and defines nothing
    consumer.configure(f"-DTorch_ROOT={torch_root}")
    built = consumer.build()
    assert built.ok, built.output
    shutil.move(hidden, torch_root / "lib/libc10.so")
    assert consumer.run(consumer.build_folder / "consumer").ok


def test_both_libraries_stay_linked_though_the_program_uses_one(torch_root: Path, consumer: Consumer) -> None:
    consumer.configure(f"-DTorch_ROOT={torch_root}", "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--as-needed")
    consumer.build()
    needed = consumer.run("readelf", "-d", consumer.build_folder / "consumer").output
    assert "[libtorch_cpu.so]" in needed
    assert "[libc10.so]" in needed


@pytest.mark.parametrize("name", ["with space", "Prüfstück", "it's", 'a"b', "a$b", "a${b}", "a&b", "a(b)", "a%2Bb"])
def test_folders_with_awkward_names(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, name: str) -> None:
    consumer.configure(f"-DTorch_ROOT={make_torch(tmp_path / name)}")
    built = consumer.build("--target", "consumer")
    assert built.ok, built.output
    assert consumer.run(consumer.build_folder / "consumer").ok


def test_several_configurations_in_one_build_tree(torch_root: Path, consumer: Consumer) -> None:
    consumer.configure("-G", "Ninja Multi-Config", f"-DTorch_ROOT={torch_root}")
    for configuration in ("Debug", "Release"):
        assert consumer.build("--config", configuration).ok
        assert consumer.run(consumer.build_folder / configuration / "consumer").ok
