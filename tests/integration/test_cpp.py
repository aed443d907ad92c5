"""The vendored library without LibTorch: its own tests under three kinds of build, its fuzz targets, its style."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cpp import fuzzing, seeds

from .conftest import TEMPLATE, run

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1] / "cpp"
LIBRARY = TEMPLATE / "third_party/tsgen"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wold-style-cast", "-Werror")
# What the builds of the tests, which are C++17, do not say; g++ warns of more when it optimises.
COMPILED = (
    ("g++", "-std=c++20", "-O3"),
    ("g++", "-std=c++23", "-O2"),
    ("clang++", "-std=c++20", "-fsyntax-only"),
    ("clang++", "-std=c++2b", "-fsyntax-only"),
)
CACHE: tuple[str, ...] = ("ccache",) if shutil.which("ccache") else ()


@pytest.fixture(scope="module", autouse=True)
def compile_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if CACHE:
            patch.setenv("CMAKE_CXX_COMPILER_LAUNCHER", CACHE[0])
            patch.setenv("CCACHE_DIR", os.environ.get("CCACHE_DIR", str(tmp_path_factory.mktemp("ccache"))))
            patch.setenv("CCACHE_BASEDIR", "/")
            patch.setenv("CCACHE_NOHASHDIR", "1")
        yield


def needs(*programs: str) -> None:
    if missing := [name for name in programs if not shutil.which(name)]:
        pytest.skip(f"there is no {' and no '.join(missing)} here")


def has_doctest() -> bool:
    return run("c++", "-fsyntax-only", "-include", "doctest/doctest.h", "-x", "c++", os.devnull).ok


@pytest.mark.parametrize("preset", ["plain", "sanitize", "thread"])
def test_its_tests_pass(preset: str, tmp_path: Path) -> None:
    if not has_doctest():
        pytest.skip("there is no <doctest/doctest.h> here: Debian has it in doctest-dev")
    for command in (
        ("cmake", "--preset", preset, "-B", tmp_path),
        ("cmake", "--build", tmp_path),
        ("ctest", "--test-dir", tmp_path, "--output-on-failure", "--no-tests=error", "--timeout", "120"),
    ):
        done = run(*command, cwd=PROJECT)
        assert done.ok, done.output


def test_every_suite_is_run() -> None:
    """A file whose suite has another name than CMake's list would be compiled and left out."""
    listed = re.search(r"set\(suites ([^)]+)\)", (PROJECT / "tests.cmake").read_text(encoding="utf-8"))
    assert listed
    files = {path.stem: path.read_text(encoding="utf-8") for path in PROJECT.glob("*.cpp")}
    assert sorted(listed[1].split()) == sorted(files)
    named = {name: re.findall(r'^TEST_SUITE\("(\w+)"\)', text, re.MULTILINE) for name, text in files.items()}
    assert named == {name: [] if name == "main" else [name] for name in files}


def test_the_fuzz_targets_take_their_seeds_and_what_is_near(tmp_path: Path) -> None:
    """For long: `nox -s fuzz`."""
    needs("clang++")
    fuzzing.build(tmp_path)
    corpus = tmp_path / "corpus"
    seeds.write(corpus)
    for target in fuzzing.TARGETS:
        fuzzed = fuzzing.run(tmp_path, target, corpus, "-runs=2000", "-max_total_time=10", "-seed=1")
        assert fuzzed.status == 0, fuzzed.log
        assert fuzzed.executions > len(list((corpus / target).iterdir()))


@pytest.mark.parametrize("part", ["core", "runner", "runtimes/torchscript", "runtimes/aotinductor"])
def test_every_source_is_in_the_unit_that_is_compiled(part: str) -> None:
    """all.cpp is written by hand, so that all projects give a compile cache the same bytes."""
    folder = LIBRARY / "src" / part
    included = re.findall(r'^#include "(\S+\.cpp)"$', (folder / "all.cpp").read_text(encoding="utf-8"), re.MULTILINE)
    present = {path.relative_to(LIBRARY / "src").as_posix() for path in folder.rglob("*.cpp")}
    assert sorted(included) == sorted(present - {f"{part}/all.cpp", "runner/main.cpp"})


@pytest.mark.parametrize("command", COMPILED, ids=" ".join)
@pytest.mark.parametrize("unit", ["core", "runner", "runtimes/aotinductor"])
def test_a_strict_project_around_it_sees_no_warning(command: tuple[str, ...], unit: str, tmp_path: Path) -> None:
    needs(command[0])
    includes = (f"-I{LIBRARY / 'include'}", f"-I{LIBRARY / 'src'}", '-DTSGEN_LIBTORCH_VERSION="2.14.1"')
    done = run(*CACHE, *command, *WARNINGS, *includes, "-c", LIBRARY / f"src/{unit}/all.cpp", "-o", tmp_path / "unit.o")
    assert done.ok, done.output


def test_clang_tidy_has_nothing_to_say() -> None:
    """About the reasons in .clang-tidy: it lies in the folder, and is the user's too."""
    program = Path(sys.executable).with_name("clang-tidy")
    after = (
        "--",
        "-std=c++17",
        f"-I{LIBRARY / 'include'}",
        f"-I{LIBRARY / 'src'}",
        '-DTSGEN_LIBTORCH_VERSION="2.14.1"',
    )
    units = [LIBRARY / "src" / unit / "all.cpp" for unit in ("core", "runner", "runtimes/aotinductor")]
    with ThreadPoolExecutor() as pool:
        for done in pool.map(lambda unit: run(program, "--quiet", unit, *after), units):
            assert done.ok, done.output


@pytest.mark.parametrize("folder", [LIBRARY, PROJECT], ids=["library", "tests"])
def test_clang_format_has_nothing_to_change(folder: Path) -> None:
    sources = [path for path in sorted(folder.rglob("*")) if path.suffix in {".cpp", ".hpp"}]
    program = Path(sys.executable).with_name("clang-format")
    done = subprocess.run([program, "--dry-run", "--Werror", *sources], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
