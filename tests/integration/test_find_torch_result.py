"""What find_package(Torch) gives for the LibTorch it found."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from .conftest import run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Consumer, MakeTorch

IN_HEADER = "include/torch/csrc/api/include/torch/version.h"
IN_NEW_HEADER = "include/torch/headeronly/version.h"


@pytest.mark.parametrize(
    ("version", "version_file", "number", "standard"),
    [
        ("2.14.1+cu130", "version.py", "2.14.1", "20"),
        ("2.13.0+cpu", "build-version", "2.13.0", "20"),
        ("2.14.1", IN_NEW_HEADER, "2.14.1", "20"),
        ("2.12.0", "version.py", "2.12.0", "20"),
        ("2.11.0", "version.py", "2.11.0", "17"),
        ("2.9.1", IN_HEADER, "2.9.1", "17"),
        ("1.13.1+cpu", "build-version", "1.13.1", "17"),
        ("2.15.0.dev20260901+cpu", "version.py", "2.15.0", "20"),
        ("2.4.0a0+gitd990dad", "version.py", "2.4.0", "17"),
    ],
)
def test_version_and_the_standard_it_needs(
    tmp_path: Path,
    make_torch: MakeTorch,
    consumer: Consumer,
    version: str,
    version_file: str,
    number: str,
    standard: str,
) -> None:
    make_torch(tmp_path / "t", version=version, version_file=version_file)
    report = consumer.configure(f"-DTorch_ROOT={tmp_path / 't'}").report
    assert (report["Torch_VERSION"], report["Torch_VERSION_FULL"]) == (number, version)
    assert report["Torch_CXX_STANDARD"] == standard
    assert f"-std=c++{standard}" in _flags(consumer, "answer.cpp")


def test_only_the_library_that_uses_torch_gets_its_flags(torch_root: Path, consumer: Consumer) -> None:
    consumer.configure(f"-DTorch_ROOT={torch_root}")
    assert str(torch_root) not in _flags(consumer, "main.cpp")
    assert f"-isystem {torch_root}/include" in _flags(consumer, "answer.cpp")


@pytest.mark.parametrize(
    ("config", "flags"),
    [
        ('  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")\n', "-D_GLIBCXX_USE_CXX11_ABI=0"),
        ('  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")\n', "-D_GLIBCXX_USE_CXX11_ABI=1"),
        ("", ""),
    ],
)
def test_the_std_string_of_old_distributions(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, config: str, flags: str
) -> None:
    root = make_torch(tmp_path / "t", version="2.5.1", config=config)
    assert consumer.configure(f"-DTorch_ROOT={root}").report["TORCH_CXX_FLAGS"] == flags
    assert ("GLIBCXX_USE_CXX11_ABI" in _flags(consumer, "answer.cpp")) == bool(flags)


@pytest.mark.parametrize(
    ("abi", "version", "flags"),
    [
        (0, "2.5.1", "-D_GLIBCXX_USE_CXX11_ABI=0"),
        (1, "2.5.1", "-D_GLIBCXX_USE_CXX11_ABI=1"),
        (0, "2.13.0", "-D_GLIBCXX_USE_CXX11_ABI=0"),
        (1, "2.13.0", ""),
    ],
)
def test_the_std_string_of_a_tree_without_share_is_read_from_its_symbols(
    tmp_path: Path, make_torch: MakeTorch, consumer: Consumer, abi: int, version: str, flags: str
) -> None:
    root = make_torch(tmp_path / "t", version=version)
    shutil.rmtree(root / "share")
    source = tmp_path / "error.cpp"
    source.write_text(
        "#include <string>\nnamespace c10 {\nstruct SourceLocation {};\n"
        "struct Error { Error(SourceLocation, std::string); };\n"
        "Error::Error(SourceLocation, std::string) {}\n}  // namespace c10\n"
        'extern "C" int c10_answer() { return 40; }\n'
    )
    library = root / "lib/libc10.so"
    built = run("c++", "-shared", "-fPIC", f"-D_GLIBCXX_USE_CXX11_ABI={abi}", "-o", library, source)
    assert built.ok, built.output
    assert consumer.configure(f"-DTorch_ROOT={root}").report["TORCH_CXX_FLAGS"] == flags


@pytest.mark.parametrize("request_", ["2.14.1;EXACT;REQUIRED", "2.14;REQUIRED", "2;REQUIRED"])
def test_a_version_that_satisfies_the_request(torch_root: Path, consumer: Consumer, request_: str) -> None:
    assert consumer.configure(f"-DTorch_ROOT={torch_root}", f"-DTORCH_REQUEST={request_}").ok


@pytest.mark.parametrize("request_", ["2.13.0;EXACT;REQUIRED", "2.15;REQUIRED"])
def test_another_version_than_requested_is_refused(torch_root: Path, consumer: Consumer, request_: str) -> None:
    done = consumer.configure(f"-DTorch_ROOT={torch_root}", f"-DTORCH_REQUEST={request_}")
    assert not done.ok
    assert 'Found unsuitable version "2.14.1"' in done.sentence


def test_asking_twice_in_one_folder_is_fine(torch_root: Path, consumer: Consumer) -> None:
    with (consumer.source / "CMakeLists.txt").open("a") as file:
        file.write("find_package(Torch REQUIRED)\nfind_package(Torch REQUIRED)\n")
    assert consumer.configure(f"-DTorch_ROOT={torch_root}").ok


def test_an_upgrade_in_place_is_noticed(tmp_path: Path, make_torch: MakeTorch, consumer: Consumer) -> None:
    root = make_torch(tmp_path / "t", version="2.11.0")
    consumer.configure(f"-DTorch_ROOT={root}")
    (root / "version.py").write_text("__version__ = '2.14.1'\n")
    assert consumer.build().report["Torch_CXX_STANDARD"] == "20"


def _flags(consumer: Consumer, source: str) -> str:
    """The compile command of a source file."""
    consumer.run("cmake", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", consumer.build_folder)
    commands = json.loads((consumer.build_folder / "compile_commands.json").read_text())
    return str(next(entry["command"] for entry in commands if entry["file"].endswith(source)))
