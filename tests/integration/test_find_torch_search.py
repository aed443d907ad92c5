"""Which LibTorch find_package(Torch) takes when there are several, and what it says when there is none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from .conftest import python_with_torch

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Consumer, MakeTorch


def test_torch_root_comes_before_prefix_path_and_python(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer
) -> None:
    root, prefix = make_torch(tmp_path / "a"), make_torch(tmp_path / "b")
    python = python_with_torch(tmp_path / "python", make_torch(tmp_path / "site/torch").parent)
    done = consumer.configure(f"-DTorch_ROOT={root}", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DPython3_EXECUTABLE={python}")
    assert done.report["TORCH_INSTALL_PREFIX"] == str(root)


def test_prefix_path_comes_before_python(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> None:
    prefix = make_torch(tmp_path / "b")
    python = python_with_torch(tmp_path / "python", make_torch(tmp_path / "site/torch").parent)
    done = consumer.configure(f"-DCMAKE_PREFIX_PATH=/nothing/here;{prefix}", f"-DPython3_EXECUTABLE={python}")
    assert done.report["TORCH_INSTALL_PREFIX"] == str(prefix)


@pytest.mark.parametrize("inside", ["", "libtorch"])
def test_an_archive_may_be_unpacked_with_or_without_its_top_folder(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, inside: str
) -> None:
    root = make_torch(tmp_path / "unpacked" / inside, version_file="build-version")
    assert consumer.configure(f"-DTorch_ROOT={tmp_path / 'unpacked'}").report["TORCH_INSTALL_PREFIX"] == str(root)


@pytest.mark.parametrize("option", ["CMAKE_PREFIX_PATH", "Torch_ROOT", "Torch_DIR"])
@pytest.mark.parametrize("below", ["", "share/cmake", "share/cmake/Torch"])
def test_the_folders_of_the_tutorials_are_understood(
    torch_root: Path, consumer: Consumer, option: str, below: str
) -> None:
    assert consumer.configure(f"-D{option}={torch_root / below}").report["TORCH_INSTALL_PREFIX"] == str(torch_root)


@pytest.mark.parametrize("variable", ["CMAKE_PREFIX_PATH", "Torch_ROOT"])
def test_environment_variables_do(torch_root: Path, consumer: Consumer, variable: str) -> None:
    assert consumer.configure(env={variable: str(torch_root)}).report["TORCH_INSTALL_PREFIX"] == str(torch_root)


def test_a_relative_torch_root_counts_from_where_cmake_is_run(
    torch_root: Path, consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(torch_root.parent)
    assert consumer.configure("-DTorch_ROOT=libtorch").report["TORCH_INSTALL_PREFIX"] == str(torch_root)


def test_python3_on_the_path_is_asked_without_importing_torch(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer
) -> None:
    root = make_torch(tmp_path / "site packages/torch")
    (root / "__init__.py").write_text("raise SystemExit('imported')\n")
    python = python_with_torch(tmp_path / "python", root.parent)
    done = consumer.configure(env={"PATH": f"{python.parent}{os.pathsep}{consumer.environment['PATH']}"})
    assert done.report["TORCH_INSTALL_PREFIX"] == str(root)


def test_the_active_environment_is_asked_before_the_path(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer
) -> None:
    root = make_torch(tmp_path / "site/torch")
    python = python_with_torch(tmp_path / "venv/bin", root.parent)
    (python.parent / "python").symlink_to(python)
    done = consumer.configure(env={"VIRTUAL_ENV": str(tmp_path / "venv")})
    assert done.report["TORCH_INSTALL_PREFIX"] == str(root)


def test_a_named_python_without_torch_is_not_replaced_by_another(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer
) -> None:
    python = python_with_torch(tmp_path / "python", make_torch(tmp_path / "site/torch").parent)
    path = f"{python.parent}{os.pathsep}{consumer.environment['PATH']}"
    done = consumer.configure("-DPython3_EXECUTABLE=/bin/false", env={"PATH": path})
    assert not done.ok
    assert 'Python3_EXECUTABLE is "/bin/false", which has no torch' in done.sentence


@pytest.mark.parametrize("way", ["Torch_ROOT", "CMAKE_PREFIX_PATH", "python3"])
def test_configuring_again_from_another_shell_stays_with_its_torch(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, way: str
) -> None:
    root = make_torch(tmp_path / "site/torch")
    python = python_with_torch(tmp_path / "python", root.parent)
    with_python = {"PATH": f"{python.parent}{os.pathsep}{consumer.environment['PATH']}"}
    first = consumer.configure(env=with_python if way == "python3" else {way: str(root)})
    second = consumer.configure()
    assert first.report == second.report


def test_a_torch_that_is_gone_is_looked_for_again(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> None:
    old, new = make_torch(tmp_path / "old"), make_torch(tmp_path / "new/torch")
    consumer.configure(env={"Torch_ROOT": str(old)})
    old.rename(tmp_path / "away")
    python = python_with_torch(tmp_path / "python", new.parent)
    done = consumer.configure(env={"PYTHON": str(python)})
    assert done.report["TORCH_INSTALL_PREFIX"] == str(new)


def test_a_torch_that_was_refused_is_not_remembered(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> None:
    broken, whole = make_torch(tmp_path / "broken"), make_torch(tmp_path / "whole/torch")
    (broken / "lib/libc10.so").unlink()
    assert not consumer.configure(env={"Torch_ROOT": str(broken)}).ok
    python = python_with_torch(tmp_path / "python", whole.parent)
    assert consumer.configure(env={"PYTHON": str(python)}).report["TORCH_INSTALL_PREFIX"] == str(whole)


def test_no_torch_anywhere_names_the_three_ways_out(consumer: Consumer) -> None:
    done = consumer.configure()
    assert not done.ok
    for way in ("-DTorch_ROOT=<folder>", "pip install torch", "tsgen build"):
        assert way in done.sentence


def test_an_optional_torch_that_is_missing_is_no_error(consumer: Consumer) -> None:
    done = consumer.configure("-DTORCH_REQUEST=QUIET")
    assert done.ok
    assert done.report["Torch_FOUND"] == "FALSE"
    assert "No LibTorch" not in done.output


def test_a_wrong_torch_root_is_an_error_even_when_another_torch_is_there(torch_root: Path, consumer: Consumer) -> None:
    done = consumer.configure("-DTorch_ROOT=/nothing/here", f"-DCMAKE_PREFIX_PATH={torch_root}")
    assert not done.ok
    assert 'Torch_ROOT is "/nothing/here", but there is no LibTorch: expected "lib/libtorch_cpu.so"' in done.sentence
