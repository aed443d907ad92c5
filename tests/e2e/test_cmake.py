"""The generated project as a C++ project: plain CMake, two compilers, sanitizers, no warnings, formatted sources."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain

from .conftest import Made, run

if TYPE_CHECKING:
    from .conftest import Ended, Tsgen

SOURCES = ("src/**/*.cpp", "tests/**/*.cpp", "third_party/**/*.cpp", "third_party/**/*.hpp")
TORCH_HEADER = re.compile(r"#include <(torch|ATen|c10)/")


@pytest.fixture
def clone(resnet: Made, tmp_path: Path) -> Path:
    """What a colleague gets from git: without build/, without this machine's presets."""
    ignore = shutil.ignore_patterns("build", "CMakeUserPresets.json")
    return Path(shutil.copytree(resnet.root, tmp_path / "clone", ignore=ignore))


def cmake(*words: object, cwd: Path, **env: str) -> Ended:
    tools = toolchain.find()
    path = os.pathsep.join([str(tools.ninja.path.parent), os.environ["PATH"]])
    return run(tools.cmake.path, *words, cwd=cwd, env={"PATH": path, **env})


def test_one_workflow_command_builds_and_proves_given_torch_root(clone: Path, resnet: Made) -> None:
    ended = cmake("--workflow", "--preset", "release", cwd=clone, Torch_ROOT=resnet.outcome["libtorch"]["root"])
    assert ended.status == 0, ended.stdout + ended.stderr
    assert "100% tests passed" in ended.stdout


def test_it_finds_the_torch_of_a_python(clone: Path, model_python: Path) -> None:
    ended = cmake("--preset", "release", cwd=clone, PYTHON=str(model_python))
    assert ended.status == 0, ended.stdout + ended.stderr


def test_clang_warns_of_nothing(clone: Path, resnet: Made) -> None:
    """What g++ says of it is among the tests of a project around it."""
    if not shutil.which("clang++"):
        pytest.skip("clang++ is not on this machine")
    strict = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
    options = ["-DCMAKE_CXX_COMPILER=clang++", f"-DCMAKE_CXX_FLAGS={strict}"]
    root = resnet.outcome["libtorch"]["root"]
    ended = cmake("--preset", "debug", *options, cwd=clone, Torch_ROOT=root)
    assert ended.status == 0, ended.stdout + ended.stderr
    ended = cmake("--build", "--preset", "debug", cwd=clone)
    assert ended.status == 0, ended.stdout
    assert "warning:" not in ended.stdout
    assert run(clone / "build/debug/myapp-runner", "--verify").status == 0


def test_the_sanitizers_find_nothing(clone: Path, resnet: Made) -> None:
    ended = cmake("--workflow", "--preset", "asan", cwd=clone, Torch_ROOT=resnet.outcome["libtorch"]["root"])
    assert ended.status == 0, ended.stdout + ended.stderr


def test_the_installed_program_proves_itself(resnet: Made, tmp_path: Path) -> None:
    ended = cmake("--install", "build/release", "--prefix", tmp_path / "prefix", cwd=resnet.root)
    assert ended.status == 0, ended.stderr
    assert run(tmp_path / "prefix/bin/myapp-runner", "--verify", cwd=tmp_path).status == 0


def test_the_sources_are_formatted(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    ended = tsgen("new", "a-rather-long-project-name", "--model", "resnet18", "--no-build", "--output", tmp_path)
    assert ended.status == 0
    for root in (resnet.root, tmp_path / "a-rather-long-project-name"):
        names = [path for pattern in SOURCES for path in root.glob(pattern)]
        checked = run(Path(sys.executable).with_name("clang-format"), "--dry-run", "--Werror", *names)
        assert checked.status == 0, checked.stderr[:2000]


def test_torch_headers_are_compiled_for_one_file(resnet: Made) -> None:
    """The parts of torchscript.cpp that lie in files of their own are included by its unit alone, all.cpp."""
    source = resnet.root / "third_party/tsgen/src"
    texts = {path.relative_to(source).as_posix(): path.read_text(encoding="utf-8") for path in source.rglob("*.?pp")}
    folder = "runtimes/torchscript"
    names = ("pack", "registered", "scalar_types", "settings", "threads", "unpack")
    parts = [f"{folder}/{name}.hpp" for name in names]
    main = f"{folder}/torchscript.cpp"
    assert sorted(name for name, text in texts.items() if TORCH_HEADER.search(text)) == sorted([main, *parts])
    part = re.compile(rf'#include "({"|".join(map(re.escape, parts))})"')
    assert sorted(name for name, text in texts.items() if part.search(text)) == sorted(
        [main, f"{folder}/libraries.cpp", f"{folder}/pack.hpp", f"{folder}/unpack.hpp"]
    )


def test_the_users_own_files_are_few_and_small(resnet: Made) -> None:
    theirs = [
        path for path in resnet.root.rglob("*") if path.is_file() and not {"build", "third_party"} & set(path.parts)
    ]
    written = [path for path in theirs if "model" not in path.relative_to(resnet.root).parts]
    assert len(written) <= 15, written
    assert len((resnet.root / "src/main.cpp").read_text(encoding="utf-8").splitlines()) <= 25
    assert len((resnet.root / "CMakeLists.txt").read_text(encoding="utf-8").splitlines()) <= 40


def test_the_proof_needs_no_file_of_the_users(clone: Path, resnet: Made) -> None:
    """Who deletes the program and its tests has the runner, which proves the model as before."""
    shutil.rmtree(clone / "src")
    shutil.rmtree(clone / "tests")
    ended = cmake("--workflow", "--preset", "release", cwd=clone, Torch_ROOT=resnet.outcome["libtorch"]["root"])
    assert ended.status == 0, ended.stdout + ended.stderr
    assert not (clone / "build/release/myapp").exists()
