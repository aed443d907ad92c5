"""CMake, Ninja and a compiler: the system's, or those of the wheels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain
from tsgen.errors import ToolMissingError
from tsgen.system import process, stat_cache
from tsgen.toolchain import trial

if TYPE_CHECKING:
    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")

CMAKE, NINJA = "echo cmake version {}; echo; echo CMake suite", "echo {}"


class Machine:
    def __init__(self, folder: Path, shell: Script) -> None:
        self.bin, self._shell = folder, shell
        folder.mkdir()

    def has(self, name: str, body: str = "") -> Path:
        return self._shell(self.bin / name, body)


@pytest.fixture
def machine(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with nothing but what a test puts there; the wheels are those of this environment."""
    machine = Machine(tmp_path / "bin", shell)
    monkeypatch.setenv("PATH", str(machine.bin))
    monkeypatch.delenv("CXX", raising=False)
    return machine


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cmake", "ninja"):
        monkeypatch.setitem(sys.modules, name, None)


def refusal() -> ToolMissingError:
    with pytest.raises(ToolMissingError) as caught:
        toolchain.find()
    assert caught.value.exit_code == 6
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("compiler", ["c++", "g++", "clang++"])
def test_the_programs_of_the_system_are_taken_when_they_are_new_enough(machine: Machine, compiler: str) -> None:
    machine.has(compiler)
    cmake, ninja = machine.has("cmake", CMAKE.format("3.25.0")), machine.has("ninja", NINJA.format("1.13.2"))
    found = toolchain.find()
    assert (found.cmake.path, found.cmake.version) == (cmake, "3.25.0")
    assert (found.ninja.path, found.ninja.version) == (ninja, "1.13.2")


@pytest.mark.parametrize("version", ["3.29.0-rc1", "3.31.6-msvc2", "3.30.20240801-gabc"])
def test_a_version_may_have_a_tail(machine: Machine, version: str) -> None:
    machine.has("c++")
    machine.has("ninja", NINJA.format("1.13.0.git.kitware.jobserver-pipe-1"))
    cmake = machine.has("cmake", CMAKE.format(version))
    assert toolchain.find().cmake.path == cmake


@pytest.mark.parametrize("body", [CMAKE.format("3.24.4"), "exit 1", "echo nonsense"], ids=["old", "broken", "foreign"])
def test_an_old_or_broken_cmake_gives_way_to_its_wheel(machine: Machine, body: str) -> None:
    machine.has("c++")
    machine.has("ninja", NINJA.format("1.13.2"))
    system = machine.has("cmake", body)
    found = toolchain.find().cmake
    assert found.path != system
    assert tuple(map(int, found.version.split(".")[:2])) >= (3, 25)


@pytest.mark.parametrize("version", [None, "1.8.2", "1.12.1"])
def test_a_missing_or_old_ninja_gives_way_to_its_wheel(machine: Machine, version: str | None) -> None:
    machine.has("c++")
    machine.has("cmake", CMAKE.format("3.28.0"))
    if version:
        machine.has("ninja", NINJA.format(version))
    found = toolchain.find().ninja
    assert found.path.parent != machine.bin
    assert tuple(map(int, found.version.split(".")[:2])) >= (1, 13)


@pytest.mark.usefixtures("no_wheels")
def test_without_cmake_and_wheel_its_name_and_remedy_are_told(machine: Machine) -> None:
    machine.has("c++")
    error = refusal()
    assert error.message == "cmake 3.25 or newer is needed; found none, and its wheel is not installed"
    assert error.hint == "pip install cmake"


@pytest.mark.usefixtures("no_wheels")
def test_an_old_cmake_without_wheel_is_told_with_its_place(machine: Machine) -> None:
    machine.has("c++")
    old = machine.has("cmake", CMAKE.format("3.16.3"))
    assert f"found 3.16.3 at {old}" in refusal().message


@pytest.mark.usefixtures("no_wheels")
def test_without_ninja_and_wheel_its_name_and_remedy_are_told(machine: Machine) -> None:
    machine.has("c++")
    machine.has("cmake", CMAKE.format("3.28.0"))
    assert refusal().hint == "pip install ninja"


@pytest.mark.usefixtures("machine")
def test_without_a_compiler_the_ways_to_one_are_told() -> None:
    error = refusal()
    assert "there is no C++ compiler on this machine" in error.message
    assert "apt-get install g++" in error.hint
    assert "CXX" in error.hint


@pytest.mark.parametrize("cxx", ["my++", "my++ -O2 -m64"])
def test_a_compiler_named_by_cxx_suffices(machine: Machine, monkeypatch: pytest.MonkeyPatch, cxx: str) -> None:
    machine.has("my++")
    machine.has("cmake", CMAKE.format("3.28.0"))
    machine.has("ninja", NINJA.format("1.13.2"))
    monkeypatch.setenv("CXX", cxx)
    toolchain.find()


@pytest.mark.parametrize("cxx", ["no++", "/no/such/g++ -O2"])
def test_a_compiler_named_by_cxx_must_be_there(machine: Machine, monkeypatch: pytest.MonkeyPatch, cxx: str) -> None:
    machine.has("c++")
    monkeypatch.setenv("CXX", cxx)
    error = refusal()
    assert error.message == f"CXX names `{cxx}`, which is not on this machine"
    assert error.hint == "correct or unset CXX"


@pytest.mark.parametrize("cxx", ["", " "], ids=["empty", "blank"])
def test_an_empty_cxx_names_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch, cxx: str) -> None:
    machine.has("c++")
    machine.has("cmake", CMAKE.format("3.28.0"))
    machine.has("ninja", NINJA.format("1.13.2"))
    monkeypatch.setenv("CXX", cxx)
    toolchain.find()


def test_a_program_that_has_not_changed_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script is asked each time: what it starts may have changed. So is what stands for a program of another name."""
    (tmp_path / "build").mkdir()
    monkeypatch.setattr(stat_cache, "RACY_NS", 0)
    real, script, other = tmp_path / "cmake", tmp_path / "ninja", tmp_path / "other"
    for path, begin in ((real, b"\x7fELF"), (script, b"#!/bin/sh\n"), (other, b"\x7fELF")):
        path.write_bytes(begin)
    link = tmp_path / "link/cmake"
    link.parent.mkdir()
    link.symlink_to(other)
    asked: list[str] = []

    def run(command: list[Path]) -> process.Finished:
        asked.append(command[0].relative_to(tmp_path).as_posix())
        return process.Finished(status=0, stdout="version 3.31.2", stderr="")

    monkeypatch.setattr(process, "run", run)

    def versions() -> list[str]:
        with stat_cache.of(tmp_path):
            found = [toolchain._tool(path) for path in (real, script, link)]
        return [tool.version for tool in found if tool]

    assert versions() == versions() == ["3.31.2"] * 3
    assert asked == ["cmake", "ninja", "link/cmake", "ninja", "link/cmake"]
    real.write_bytes(b"\x7fELF of another version")
    versions()
    assert asked.count("cmake") == 2


COMPILES = 'while [ "$1" != -o ]; do shift; done; : > "$2"'
REFUSES = 'echo "three lines.cpp:1:10: fatal error: cstddef: No such file or directory"; exit 1'


def untried() -> ToolMissingError:
    with pytest.raises(ToolMissingError) as caught:
        trial.require_working(Path("/no-such-project"))
    assert caught.value.exit_code == 6
    return caught.value


def test_a_compiler_that_makes_a_program_will_do(machine: Machine) -> None:
    machine.has("c++", COMPILES)
    trial.require_working(Path("/no-such-project"))


def test_a_compiler_without_its_library_is_told_with_its_own_words(machine: Machine) -> None:
    path = machine.has("c++", REFUSES)
    error = untried()
    assert error.message == f"the C++ compiler {path} does not make a program of three lines"
    assert "cstddef: No such file" in error.details
    assert "set CXX" in error.hint


def test_a_word_in_cxx_that_is_no_compiler_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.has("ls", "exit 0")
    monkeypatch.setenv("CXX", "ls --color")
    error = untried()
    assert "ls --color does not make a program" in error.message
    assert error.hint == "correct or unset CXX"


def test_flags_that_a_compiler_refuses_are_told_apart(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.has("c++", f'case "$*" in *-fnonsense*) {REFUSES};; esac; {COMPILES}')
    monkeypatch.setenv("CXXFLAGS", "-O2 -fnonsense")
    error = untried()
    assert "makes a program, but not with CXXFLAGS `-O2 -fnonsense`" in error.message
    assert error.hint == "correct or unset CXXFLAGS"


@pytest.mark.parametrize("word", ["CMAKE_CXX_COMPILER", "toolchainFile"])
def test_where_the_project_names_another_compiler_that_of_the_machine_is_not_tried(
    machine: Machine, tmp_path: Path, word: str
) -> None:
    machine.has("c++", REFUSES)
    (tmp_path / "CMakePresets.json").write_text(f'{{"{word}": "other"}}', encoding="utf-8")
    trial.require_working(tmp_path)
