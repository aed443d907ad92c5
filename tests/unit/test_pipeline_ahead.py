"""What a project's place looks like while its library compiles beside the export, and when one of the two fails."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline, stages, toolchain
from tsgen.errors import BuildError, ExportError
from tsgen.system import files
from tsgen.toolchain import Tool, Toolchain, trial

from .make import config, contents
from .test_pipeline import REFUSAL, Model, lively, out  # noqa: F401
from .test_process import living  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script
    from .test_process import Living

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts"),
    pytest.mark.usefixtures("few_files"),
]

CMAKE = """
    echo "$@" >> "{calls}"
    case "$1" in
    --preset)
        mkdir -p build/release
        echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" > build/release/CMakeCache.txt
        echo > build/release/build.ninja ;;
    --build)
        case "$*" in *--target*) . "{compiler}" ;; esac
        touch build/release/myapp-runner ;;
    esac
    """


class Machine:
    """The model's Python and CMake are scripts; `compiles` says what CMake does ahead of the export's end."""

    def __init__(self, folder: Path, shell: Script) -> None:
        self.model, self._compiler, self._calls = Model(folder, shell), folder / "compiler", folder / "calls"
        body = CMAKE.format(calls=self._calls, compiler=self._compiler)
        tool = Tool(path=shell(folder / "cmake", body), version="4.0")
        self.tools = Toolchain(cmake=tool, ninja=tool)
        self._slow = folder / "slow"
        worker = f'if [ -e "{self._slow}" ] && [ "$1" != -c ]; then sleep 60; fi; exec "{self.model.python}" "$@"'
        self.python = str(shell(folder / "slow-python", worker))
        self.compiles("")

    def takes_long_to_export(self, *, long: bool) -> None:
        self._slow.touch() if long else self._slow.unlink()

    def compiles(self, body: str) -> None:
        self._compiler.write_text(body, encoding="utf-8")

    def new(self, out: Path, *, force: bool = False) -> None:
        pipeline.new(config(python=self.python), out, force=force)

    def calls(self) -> list[str]:
        """What CMake was asked since the last time."""
        lines = self._calls.read_text(encoding="utf-8").splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return [line.partition(" --parallel")[0] for line in lines]


AHEAD = "--build --preset local-release --target tsgen-runtime tsgen-runner"
REST = "--build --preset local-release"


@pytest.fixture
def machine(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path / "machine", shell)
    monkeypatch.setattr(toolchain, "find", lambda: made.tools)
    monkeypatch.setattr(trial, "require_working", lambda _: None)
    return made


@pytest.fixture
def no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "prove", lambda *_, **__: None)


@pytest.mark.usefixtures("no_proof")
def test_the_library_is_compiled_in_the_projects_place_and_then_the_rest(machine: Machine, out: Path) -> None:
    machine.compiles(f'pwd > "{out}/where"')
    machine.new(out)
    assert (out / "where").read_text(encoding="utf-8").strip() == str(out / "myapp")
    assert machine.calls() == ["--preset local-release", AHEAD, REST]


@pytest.mark.usefixtures("no_proof")
def test_where_nothing_is_exported_nothing_is_compiled_beside_it(machine: Machine, out: Path) -> None:
    machine.new(out)
    machine.calls()
    pipeline.build(out / "myapp", {"python": machine.python})
    assert machine.calls() == [REST]
    pipeline.build(out / "myapp", {"python": machine.python, "seed": 1})
    assert machine.calls() == [AHEAD, REST]


@pytest.mark.usefixtures("no_proof")
def test_over_an_existing_project_nothing_is_compiled_before_the_export(machine: Machine, out: Path) -> None:
    files.write_text(out / "myapp" / "tsgen.toml", "old")
    machine.compiles(f'touch "{out}/compiled"')
    machine.new(out, force=True)
    assert machine.calls() == ["--preset local-release", REST]
    assert (out / "myapp/model/model.pt").is_file()
    assert not (out / "compiled").exists()


@pytest.mark.parametrize("empty_folder", [False, True])
def test_a_model_that_fails_leaves_no_project_and_no_compiler(
    machine: Machine, out: Path, living: Living, *, empty_folder: bool
) -> None:
    if empty_folder:
        (out / "myapp").mkdir()
    machine.compiles(f'exec 3>"{living.path}"; sleep 60')
    machine.model.answers(REFUSAL)
    with pytest.raises(ExportError, match="it raised"):
        machine.new(out)
    assert [path.name for path in out.rglob("*")] == (["myapp"] if empty_folder else [])
    assert not living.any_after(2)


@pytest.mark.usefixtures("no_proof")
def test_a_library_that_does_not_compile_keeps_the_project_for_its_log(machine: Machine, out: Path) -> None:
    machine.takes_long_to_export(long=True)
    machine.compiles("echo 'FAILED: all.o'; echo 'all.cpp:1:1: error: no'; exit 1")
    with pytest.raises(BuildError, match="did not compile"):
        machine.new(out)
    assert b"error: no" in contents(out / "myapp")["build/release/tsgen-build.log"]
    assert machine.model.count() == 0
    machine.takes_long_to_export(long=False)
    machine.compiles("")
    pipeline.build(out / "myapp", {"python": machine.python})
    assert (out / "myapp/model/model.pt").is_file()


def test_a_failed_export_keeps_an_existing_project(machine: Machine, out: Path) -> None:
    files.write_text(out / "myapp" / "tsgen.toml", "old")
    machine.model.answers(REFUSAL)
    with pytest.raises(ExportError, match="it raised"):
        machine.new(out, force=True)
    assert contents(out) == {"myapp/tsgen.toml": b"old"}
