"""The generated project as CMake sees it: presets, developer mode, flags, folders. Nothing is compiled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config

from .conftest import TEMPLATE, Run, run, without_torch

if TYPE_CHECKING:
    from .conftest import MakeTorch

REPORT_TESTS = ("ctest", "--test-dir", "build/release", "--show-only")


class Project:
    """A rendered project, and an environment in which only Torch_ROOT leads to a LibTorch."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        self.environment = environment

    def run(self, *command: str | Path) -> Run:
        return run(*command, env=self.environment, cwd=self.root)

    def flags(self, source: str, preset: str = "release") -> str:
        commands = json.loads((self.root / f"build/{preset}/compile_commands.json").read_text(encoding="utf-8"))
        return str(next(entry["command"] for entry in commands if entry["file"].endswith(source)))


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
    assert flag in project.flags("src/main.cpp", preset)


def test_our_files_are_compiled_with_warnings_and_torch_is_silent(project: Project, torch_root: Path) -> None:
    project.run("cmake", "--preset", "release", "-Dmy_app_WARNINGS_AS_ERRORS=ON")
    for source in ("src/main.cpp", "src/model.cpp"):
        assert "-Wall -Wextra -Wpedantic -Wconversion" in project.flags(source)
    assert f"-isystem {torch_root}/include" in project.flags("src/model.cpp")
    assert str(torch_root) not in project.flags("src/main.cpp")


def test_with_an_old_libtorch_the_whole_program_uses_its_std_string(tmp_path: Path, make_torch: MakeTorch) -> None:
    flag = "-D_GLIBCXX_USE_CXX11_ABI=0"
    root = make_torch(tmp_path / "old", version="2.5.1", config=f'  set(TORCH_CXX_FLAGS "{flag}")\n')
    project = Project(render(tmp_path), without_torch(tmp_path / "bin") | {"Torch_ROOT": str(root)})
    project.run("cmake", "--preset", "release")
    assert flag in project.flags("src/model.cpp")
    assert flag in project.flags("src/main.cpp")


def test_ctest_proves_parity_and_tries_bad_input(project: Project) -> None:
    project.run("cmake", "--preset", "release")
    listed = project.run(*REPORT_TESTS).output
    for name in ("parity", "info", "refuses-missing-model", "refuses-foreign-file"):
        assert name in listed


def test_a_project_that_includes_this_one_gets_the_library_only(project: Project, torch_root: Path) -> None:
    outer = project.root.parent
    (outer / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.18...4.2)\nproject(outer LANGUAGES CXX)\nenable_testing()\n"
        "set(CMAKE_EXPORT_COMPILE_COMMANDS ON)\nadd_subdirectory(my-app)\n"
        "if(NOT TARGET my_app::lib OR TARGET my-app)\n  message(FATAL_ERROR missing)\nendif()\n"
    )
    done = project.run("cmake", "-G", "Ninja", "-S", outer, "-B", "build/release", f"-DTorch_ROOT={torch_root}")
    assert done.ok, done.output
    assert "Total Tests: 0" in project.run(*REPORT_TESTS).output
    assert "-Wall" not in project.flags("src/model.cpp")


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
    assert run("cmake", "-P", TEMPLATE / "tests/expect_refusal.cmake", "--", program, "--no-such").ok == passes
