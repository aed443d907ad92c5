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
