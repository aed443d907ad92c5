"""What compiles in the background while a model is exported: the order of events, and who ends whom."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tsgen.build.ahead import Ahead
from tsgen.errors import BuildError, ExportError, ToolFailedError, ToolMissingError
from tsgen.system import process
from tsgen.toolchain import Tool, Toolchain
from tsgen.types import Project

from .test_process import Living, interrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .conftest import Recorder, Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")

# A compiler that does what the file `compiler` says; what happens, in its order, is in `events`.
CMAKE = """
    case "$1" in
    --preset)
        if [ -e cannot-configure ]; then echo "CMake Error: there is no model"; exit 1; fi
        mkdir -p build/release
        echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" > build/release/CMakeCache.txt
        echo > build/release/build.ninja ;;
    --build) echo "$@" > build-words; . ./compiler ;;
    esac
    """
WAIT = 'n=0; while [ ! -e "{0}" ]; do n=$((n + 1)); [ $n = 1000 ] && exit 9; sleep 0.01; done\n'
"""Until there is the file; ten seconds at most, so that a wrong order is a failure and no endless wait."""
HELD = 'exec 3>"{0}"; touch compiling; sleep 60\n'


class Machine:
    """A project, a CMake and an exporter that are scripts."""

    def __init__(self, root: Path, shell: Script) -> None:
        root.mkdir()
        self.root, self._shell = root, shell
        cmake = Tool(path=shell(root.parent / "cmake", CMAKE), version="4.0")
        self.tools = Toolchain(cmake=cmake, ninja=cmake)
        for name in ("CMakePresets.json", "CMakeUserPresets.json"):
            (root / name).write_text("{}", encoding="utf-8")

    def compiles(self, body: str) -> None:
        (self.root / "compiler").write_text(body, encoding="utf-8")

    def exports(self, body: str, on_line: Callable[[str], None] | None = None) -> None:
        process.run([self._shell(self.root / "exporter", body)], cwd=self.root, on_line=on_line)

    def beside(self, ahead: Ahead) -> AbstractContextManager[None]:
        return ahead.beside(Project(name="myapp", root=self.root), "release", lambda: self.tools)

    def events(self) -> list[str]:
        return (self.root / "events").read_text(encoding="utf-8").split()


@pytest.fixture
def machine(tmp_path: Path, shell: Script) -> Machine:
    return Machine(tmp_path / "my app", shell)


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    """Open for as long as the compiler lives."""
    yield (made := Living(tmp_path / "living"))
    made.close()


def test_the_compiler_begins_before_the_export_ends_and_goes_on_after_it(machine: Machine) -> None:
    machine.compiles("echo compiling >> events\n" + WAIT.format("exported") + "echo compiled >> events\n")
    with Ahead() as ahead:
        with machine.beside(ahead):
            machine.exports(WAIT.format("events") + "echo exported >> events")
        (machine.root / "exported").touch()
        assert ahead.finish()
    assert machine.events() == ["compiling", "exported", "compiled"]


def test_only_what_knows_no_model_is_compiled(machine: Machine) -> None:
    machine.compiles("")
    with Ahead() as ahead, machine.beside(ahead):
        ahead.finish()
    words = (machine.root / "build-words").read_text(encoding="utf-8").split()
    assert words[:6] == ["--build", "--preset", "local-release", "--target", "tsgen-runtime", "tsgen-runner"]
    assert words[6] == "--parallel"
    assert int(words[7]) >= 1


def test_a_failed_export_ends_the_compiler(machine: Machine, living: Living) -> None:
    machine.compiles(HELD.format(living.path))
    with pytest.raises(ToolFailedError), Ahead() as ahead, machine.beside(ahead):
        machine.exports(WAIT.format("compiling") + "exit 3")
    assert not living.any_after(2)


def test_an_interrupt_ends_the_compiler(machine: Machine, living: Living) -> None:
    machine.compiles(HELD.format(living.path))
    with pytest.raises(KeyboardInterrupt), Ahead() as ahead, machine.beside(ahead):
        machine.exports(WAIT.format("compiling") + "echo ready; sleep 60", on_line=interrupt)
    assert not living.any_after(2)


def test_what_the_compiler_refuses_ends_the_export_and_is_what_is_told(machine: Machine, living: Living) -> None:
    machine.compiles(WAIT.format("exporting") + "echo 'FAILED: [code=1] all.o'; echo 'all.cpp:1:1: error: no'; exit 1")
    with pytest.raises(BuildError, match="did not compile") as caught, Ahead() as ahead, machine.beside(ahead):
        machine.exports(f'exec 3>"{living.path}"; touch exporting; sleep 60')
    assert caught.value.details == "all.cpp:1:1: error: no"
    assert not living.any_after(2)


def test_what_the_compiler_refuses_after_the_export_is_told_by_the_build(machine: Machine) -> None:
    machine.compiles(WAIT.format("exported") + "echo 'FAILED: all.o'; exit 1")
    with Ahead() as ahead:
        with machine.beside(ahead):
            machine.exports("")
        (machine.root / "exported").touch()
        with pytest.raises(BuildError, match="did not compile"):
            ahead.finish()


@pytest.mark.parametrize(
    "says",
    [
        "ninja: error: unknown target 'tsgen-runner'",
        "FAILED: build.ninja\nCMake Error: no model",
        "FAILED: [code=1] build.ninja",
        "FAILED: [code=1] libtsgen-runtime.a\nar: unable to copy file",
        "FAILED: all.o\nfatal error: error writing to all.s: No space left on device",
    ],
)
def test_a_project_that_has_no_such_library_is_left_to_the_build(machine: Machine, says: str) -> None:
    machine.compiles(f'echo "{says}"; exit 1')
    with Ahead() as ahead:
        with machine.beside(ahead):
            machine.exports("sleep 0.2; touch exported")
        assert not ahead.finish()
    assert (machine.root / "exported").exists()


def test_what_cannot_be_configured_without_the_model_is_left_to_the_build(machine: Machine) -> None:
    (machine.root / "cannot-configure").touch()
    with Ahead() as ahead:
        with machine.beside(ahead):
            machine.exports("sleep 0.2; touch exported")
        assert not ahead.finish()
    assert (machine.root / "exported").exists()
    assert not (machine.root / "build-words").exists()


def test_a_missing_tool_is_left_to_the_build(machine: Machine) -> None:
    def prepare() -> Toolchain:
        raise ToolMissingError("no compiler")

    with Ahead() as ahead:
        with ahead.beside(Project(name="myapp", root=machine.root), "release", prepare):
            pass
        assert not ahead.finish()


def test_an_error_of_the_export_is_told_as_it_is(machine: Machine) -> None:
    machine.compiles("")
    with pytest.raises(ExportError, match="it raised"), Ahead() as ahead, machine.beside(ahead):
        raise ExportError("it raised")


def test_without_an_export_nothing_is_compiled(recorder: Recorder) -> None:
    with Ahead() as ahead:
        assert not ahead.finish()
    assert recorder.said == []


def test_what_was_compiled_already_is_not_something_done(machine: Machine) -> None:
    machine.compiles("")
    with Ahead() as ahead, machine.beside(ahead):
        assert ahead.finish()
    machine.compiles("echo 'ninja: no work to do.'")
    with Ahead() as ahead, machine.beside(ahead):
        assert not ahead.finish()


def test_its_progress_stands_on_a_line_of_its_own(machine: Machine, recorder: Recorder) -> None:
    machine.compiles("echo '[1/3] Building CXX object core/all.cpp.o'; touch told\n" + WAIT.format("exported"))
    with Ahead() as ahead:
        with machine.beside(ahead):
            machine.exports(WAIT.format("told"))
        (machine.root / "exported").touch()
        ahead.finish()
    assert recorder.all("track") == ["Build: configure", "Build: compile", "Build: 1/3 all.cpp.o"]
    assert recorder.all("untrack") == ["Build"]
    assert recorder.all("progress") == []
