"""Legs of two runtimes: what is planned for each, which LibTorch and compiler it has, and the export of the other."""

from __future__ import annotations

import platform
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import libtorch, stages
from tsgen.commands import matrix
from tsgen.commands.matrix import exports, job, planning
from tsgen.config import from_table
from tsgen.doctor import cuda
from tsgen.doctor.cuda import Driver
from tsgen.errors import ExportError
from tsgen.matrix import strategies, systems
from tsgen.toolchain.interpreter import Interpreter
from tsgen.workspace import Workspace

from . import make

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Artifact
    from tsgen.types.matrix import Planned

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="this runtime exports on Linux x86_64"
)
AHEAD = {"runtime": "aotinductor"}


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libtorch, "host_platform", lambda: "linux-x86_64")
    monkeypatch.setattr(cuda, "driver", lambda: Driver(cuda=None, devices=0))
    for strategy in (strategies.native, strategies.emulated, strategies.macos, strategies.mingw):
        monkeypatch.setattr(strategy, "lacks", lambda _: None)


def workspace(root: Path, python: str | None = "2.14.1+cu130", **keys: Any) -> Workspace:
    config = from_table({"name": "myapp", "model": "resnet18", **keys}, where="tsgen.toml")
    interpreter = Interpreter(executable=root, version="3.11", torch=root if python else None, torch_version=python)
    return Workspace(root=root, home=root, config=config, python=interpreter)


def planned(root: Path, python: str | None = "2.14.1+cu130", **keys: Any) -> list[Planned]:
    return list(planning.planned(workspace(root, python, **keys)))


def only(root: Path, **keys: Any) -> Planned:
    (found,) = planned(root, **keys)
    return found


def test_the_runtime_is_an_axis_and_the_usual_one_is_not_named(tmp_path: Path) -> None:
    both = {"runtime": ["torchscript", "aotinductor"]}
    assert [each.name for each in planned(tmp_path, matrix=both)] == [
        "linux-x86_64-2.14.1-cpu-release-g++",
        "linux-x86_64-aotinductor-2.14.1-cpu-release-g++",
    ]
    assert only(tmp_path, **AHEAD).name == "linux-x86_64-aotinductor-2.14.1-cpu-release-g++"


@pytest.mark.parametrize(
    ("name", "strategy", "state"),
    [
        ("linux-x86_64", "native", "proven"),
        ("linux-aarch64", "emulated", "proven"),
        ("windows-x86_64", "wine", "proven"),
        ("macos-arm64", "link", "linked"),
    ],
)
def test_every_platform_has_its_strategy(tmp_path: Path, name: str, strategy: str, state: str) -> None:
    found = only(tmp_path, **AHEAD, matrix={"platform": [name]})
    assert (found.strategy, found.target_state) == (strategy, state)


def test_windows_by_wine_says_what_it_is_not(tmp_path: Path) -> None:
    found = only(tmp_path, **AHEAD, matrix={"platform": ["windows-x86_64"]})
    assert found.leg.compiler == "g++"
    assert "Windows' LibTorch" in found.reason
    assert "mingw" in found.reason
    assert "not Microsoft's Windows" in found.reason
    assert only(tmp_path, matrix={"platform": ["windows-x86_64"]}).leg.compiler == "msvc"


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ({"torch_version": ["2.15.0"]}, "for the torch that made it, 2.14.1, and the LibTorch is 2.15.0"),
        ({"platform": ["windows-x86_64"], "compiler": ["msvc"]}, "by g++ (mingw), and was not tried with msvc"),
        ({"platform": ["windows-arm64"]}, "aotinductor was not tried for windows-arm64"),
        ({"compiler": ["clang-cl"]}, "clang-cl builds for Windows only"),
        ({"platform": ["macos-arm64"], "compiler": ["g++"]}, "Apple's libc++"),
    ],
)
def test_a_leg_that_cannot_exist_says_why(tmp_path: Path, matrix: dict[str, Any], reason: str) -> None:
    found = only(tmp_path, **AHEAD, matrix=matrix)
    assert found.target_state == "impossible"
    assert reason in found.reason
    assert found.hint


def test_what_the_other_runtime_does_not_do_is_no_fault_of_the_projects_own(tmp_path: Path) -> None:
    own, other = planned(tmp_path, tune="freeze", matrix={"runtime": ["torchscript", "aotinductor"]})
    assert own.target_state == "proven"
    assert (other.target_state, other.reason) == (
        "impossible",
        "--runtime aotinductor does not go with --tune freeze yet",
    )


def test_another_export_needs_a_torch(tmp_path: Path) -> None:
    versions = {"runtime": ["torchscript", "aotinductor"], "torch_version": ["2.14.1"]}
    own, other = planned(tmp_path, None, matrix=versions)
    assert own.target_state == "proven"
    assert (other.target_state, other.hint) == ("lacking", "install torch")


def test_windows_has_one_libtorch_for_what_calls_c_alone(tmp_path: Path) -> None:
    axes = {"platform": ["windows-x86_64"], "build_type": ["debug"]}
    found = only(tmp_path, **AHEAD, matrix=axes)
    assert found.target_state == "proven"
    shared: Any = SimpleNamespace(work=workspace(tmp_path, **AHEAD))
    assert job.request(found.leg, shared).build_type == "release"


def test_no_runner_of_ci_is_told_of_them(tmp_path: Path) -> None:
    legs = planned(tmp_path, matrix={"runtime": ["torchscript", "aotinductor"]})
    told = systems.jobs("github", legs, {})
    assert "aotinductor" not in told.text
    assert told.left_out == (
        f"{legs[1].name} is left out: `tsgen matrix --github` does not know --runtime aotinductor yet",
    )


def test_the_other_runtimes_export_has_a_place_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CMakeLists.txt", "src/main.cpp", "build/release/stale.o", "model/model.pt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    asked: list[Workspace] = []

    def export(work: Workspace, *_: object) -> Artifact:
        asked.append(work)
        return make.artifact()

    monkeypatch.setattr(stages, "resolve", lambda *_: make.libtorch())
    monkeypatch.setattr(stages, "export", export)
    own = workspace(tmp_path, platforms=("macos-arm64",))
    copy, _ = exports.of(own, "aotinductor")
    assert asked == [copy]
    assert (copy.root, copy.home) == (tmp_path / "build/matrix/.runtimes/aotinductor", tmp_path)
    assert (copy.config.runtime, copy.config.platforms) == ("aotinductor", ())
    assert {path.name for path in copy.root.rglob("*") if path.is_file()} == {"CMakeLists.txt", "main.cpp"}
    (tmp_path / "src/main.cpp").rename(tmp_path / "src/other.cpp")
    exports.of(own, "aotinductor")
    assert [path.name for path in (copy.root / "src").iterdir()] == ["other.cpp"]


def test_an_export_that_fails_takes_its_own_legs_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(work: Workspace, runtime: str) -> Any:
        if runtime == "aotinductor":
            raise ExportError("it differentiates", hint="take torchscript")
        return replace(work), make.artifact()

    monkeypatch.setattr(exports, "of", fail)
    work = workspace(tmp_path)
    error = matrix._job(work, "aotinductor", 1)
    assert isinstance(error, ExportError)
    with pytest.raises(ExportError):
        matrix._job(replace(work, config=replace(work.config, runtime="aotinductor")), "aotinductor", 1)
    legs = planned(tmp_path, matrix={"runtime": ["torchscript", "aotinductor"]})
    ended = matrix.pool.failed(legs[1], error)
    assert (ended.state, ended.reason, ended.hint) == ("failed", "it differentiates", "take torchscript")
