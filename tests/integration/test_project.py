"""The generated project as CMake sees it: presets, tests, flags, folders. Nothing is compiled."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config

from .conftest import TEMPLATE, VENDORED, Run, run, without_torch

if TYPE_CHECKING:
    from .conftest import MakeTorch

OBJECTS = ("torchscript/all.cpp", "core/all.cpp", "src/runner/all.cpp")
"""The vendored library is compiled as three files; the first alone sees LibTorch."""
REPORT_TESTS = ("ctest", "--test-dir", "build/release", "--show-only")


class Project:
    """A rendered project, and an environment in which only Torch_ROOT leads to a LibTorch."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        self.environment = environment

    def run(self, *command: str | Path) -> Run:
        return run(*command, env=self.environment, cwd=self.root)

    def flags(self, source: str, preset: str = "release") -> str:
        return next(command for file, command in self.commands(preset).items() if file.endswith(source))

    def commands(self, preset: str = "release") -> dict[str, str]:
        """What compile_commands.json says of each source."""
        entries = json.loads((self.root / f"build/{preset}/compile_commands.json").read_text(encoding="utf-8"))
        return {entry["file"]: entry["command"] for entry in entries}


def render(folder: Path) -> Path:
    context = generate_context(str(TEMPLATE.parent / "cookiecutter.json"), extra_context={"project_slug": "my-app"})
    context["cookiecutter"] = prompt_for_config(context, no_input=True)
    return Path(generate_files(str(TEMPLATE.parent), context, output_dir=str(folder), accept_hooks=False))


@pytest.fixture
def project(tmp_path: Path, torch_root: Path) -> Project:
    return Project(render(tmp_path), without_torch(tmp_path / "bin") | {"Torch_ROOT": str(torch_root)})


@pytest.mark.parametrize(("preset", "flag"), [("release", "-O3"), ("debug", "-g"), ("asan", "-fsanitize=address")])
def test_a_preset_needs_nothing_but_torch_root(project: Project, preset: str, flag: str) -> None:
    done = project.run("cmake", "--preset", preset)
    assert done.ok, done.output
    for source in ("src/main.cpp", *OBJECTS):
        assert flag in project.flags(source, preset)


def test_torch_is_seen_by_one_file_alone_and_is_silent_there(project: Project, torch_root: Path) -> None:
    project.run("cmake", "--preset", "release")
    seeing, *blind = OBJECTS
    assert f"-isystem {torch_root}/include" in project.flags(seeing)
    for source in ("src/main.cpp", "src/runner/main.cpp", *blind):
        assert str(torch_root) not in project.flags(source)


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
@pytest.mark.parametrize("words", [(), ("-DCMAKE_CXX_STANDARD=17",), ("-DCMAKE_CXX_STANDARD=20",)])
def test_the_standard_is_written_once_for_every_file(project: Project, compiler: str, words: tuple[str, ...]) -> None:
    """Tools that read compile_commands.json have defaults of their own: clangd 14 takes C++14."""
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler} on this machine")
    (project.root / "ops").mkdir()
    (project.root / "ops/mine.cpp").touch()
    (project.root / "other.cpp").touch()
    with (project.root / "CMakeLists.txt").open("a", encoding="utf-8") as lists:
        lists.write("add_executable(other other.cpp)\ntarget_link_libraries(other PRIVATE my_app::model)\n")
    done = project.run("cmake", "--preset", "release", f"-DCMAKE_CXX_COMPILER={compiler}", *words)
    assert done.ok, done.output
    commands = project.commands()
    assert len(commands) == len(OBJECTS) + len(("main", "runner", "test", "mine", "other"))
    assert [file for file, command in commands.items() if len(re.findall(r" -std=\S+", command)) != 1] == []


def test_who_works_on_the_library_gets_its_warnings_as_errors(project: Project) -> None:
    project.run("cmake", "--preset", "release")
    assert not any("-Wall" in project.flags(source) for source in OBJECTS)
    project.run("cmake", "--preset", "release", "-DTSGEN_WARNINGS=ON")
    for source in OBJECTS:
        assert "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Werror" in project.flags(source)
    assert "-Wall" not in project.flags("src/main.cpp")


def test_the_library_can_be_linked_into_a_plugin(project: Project) -> None:
    project.run("cmake", "--preset", "release")
    assert all("-fPIC" in project.flags(source) for source in OBJECTS)


def test_a_project_without_a_program_of_its_own_has_the_runner_and_the_proof(project: Project) -> None:
    (project.root / "src/main.cpp").unlink()
    done = project.run("cmake", "--preset", "release")
    assert done.ok, done.output
    assert "parity" in project.run(*REPORT_TESTS).output
    ninja = (project.root / "build/release/build.ninja").read_text(encoding="utf-8")
    assert "build my-app-runner:" in ninja
    assert "build my-app:" not in ninja


def test_with_an_old_libtorch_the_whole_program_uses_its_std_string(tmp_path: Path, make_torch: MakeTorch) -> None:
    flag = "-D_GLIBCXX_USE_CXX11_ABI=0"
    root = make_torch(tmp_path / "old", version="2.5.1", config=f'  set(TORCH_CXX_FLAGS "{flag}")\n')
    project = Project(render(tmp_path), without_torch(tmp_path / "bin") | {"Torch_ROOT": str(root)})
    project.run("cmake", "--preset", "release")
    for source in ("src/main.cpp", "tests/model_test.cpp", "src/runner/main.cpp", *OBJECTS):
        assert flag in project.flags(source)


def test_ctest_proves_parity_and_tries_bad_input(project: Project) -> None:
    project.run("cmake", "--preset", "release")
    listed = project.run(*REPORT_TESTS).output
    for name in ("parity", "info", "threads", "typed-model", "missing-model", "foreign-file", "unknown-option"):
        assert name in listed


def test_a_project_that_includes_this_one_gets_the_model_only(project: Project, torch_root: Path) -> None:
    outer = project.root.parent
    (outer / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.21...4.2)\nproject(outer LANGUAGES CXX)\nenable_testing()\n"
        "set(CMAKE_EXPORT_COMPILE_COMMANDS ON)\nadd_subdirectory(my-app)\n"
        "if(NOT TARGET my_app::model OR TARGET my-app OR TARGET my-app-runner)\n  message(FATAL_ERROR no)\nendif()\n"
    )
    done = project.run("cmake", "-G", "Ninja", "-S", outer, "-B", "build/release", f"-DTorch_ROOT={torch_root}")
    assert done.ok, done.output
    assert "Total Tests: 0" in project.run(*REPORT_TESTS).output


@pytest.mark.parametrize("name", ["with space", "Prüfstück", "it's", "a$b", "a#b,c(d)[e]@f@+%20"])
def test_a_project_may_lie_in_a_folder_with_an_awkward_name(project: Project, name: str) -> None:
    project.root = project.root.rename(project.root.parent / name)
    done = project.run("cmake", "--preset", "release")
    assert done.ok, done.output


@pytest.mark.parametrize("name", ["a;b", 'a"b', "a|b", "a${b}", "a$<b>"])
def test_a_folder_that_cmake_misreads_is_refused_in_one_sentence(project: Project, name: str) -> None:
    project.root = project.root.rename(project.root.parent / name)
    done = project.run("cmake", "-G", "Ninja", "-S", ".", "-B", "build/release")
    assert not done.ok
    assert "cannot be built in: CMake misreads" in done.sentence
    assert done.output.count("CMake Error") == 1


@pytest.mark.parametrize(
    ("script", "passes"),
    [
        ("echo 'app: error: no model' >&2; echo 'app: hint: give one' >&2; exit 2", True),
        ("echo 'app: error: no model' >&2; exit 2", False),
        ("echo 'app: error: no model' >&2; echo 'app: hint: give one' >&2; exit 1", False),
        ("echo 'app: error: no model' >&2; echo 'app: hint: give one' >&2; kill -SEGV $$", False),
        ("exit 0", False),
    ],
)
def test_a_refusal_is_a_sentence_a_hint_and_status_two(tmp_path: Path, script: str, *, passes: bool) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert run("cmake", "-P", VENDORED / "cmake/ExpectRefusal.cmake", "--", program, "--no-such").ok == passes
