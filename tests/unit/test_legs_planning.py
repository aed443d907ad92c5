"""What is planned for each leg on a machine that is told what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tsgen import libtorch, model
from tsgen.commands.matrix import inputs, planning
from tsgen.config import from_table
from tsgen.doctor import cuda
from tsgen.doctor.cuda import Driver
from tsgen.libtorch import catalog
from tsgen.matrix import strategies
from tsgen.project import lock
from tsgen.system import files
from tsgen.toolchain.interpreter import Interpreter
from tsgen.types import OperatorLibrary
from tsgen.types.matrix import Refusal
from tsgen.workspace import Workspace

from . import make

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types.matrix import Planned


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libtorch, "host_platform", lambda: "linux-x86_64")
    monkeypatch.setattr(cuda, "driver", lambda: Driver(cuda=None, devices=0))
    monkeypatch.setattr(strategies.native, "lacks", lambda _: None)


def planned(root: Path, python: str | None = "2.14.1+cu130", **keys: Any) -> list[Planned]:
    config = from_table({"name": "myapp", "model": "resnet18", **keys}, where="tsgen.toml")
    interpreter = Interpreter(executable=root, version="3.11", torch=root if python else None, torch_version=python)
    return list(planning.planned(Workspace(root=root, home=root, config=config, python=interpreter)))


def only(root: Path, **keys: Any) -> Planned:
    (found,) = planned(root, **keys)
    return found


def test_a_leg_is_done_again_when_a_source_changed(tmp_path: Path) -> None:
    read = (
        "CMakeLists.txt",
        "src/main.cpp",
        "ops/relu.cpp",
        "third_party/tsgen/src/core/model.cpp",
        "include/a/model.hpp",
    )
    for name in (*read, "README.md", "build/release/build.ninja"):
        files.write_text(tmp_path / name, "")
    assert {path.as_posix() for path in inputs._source_files(tmp_path)} == set(read)


def test_without_a_matrix_there_is_the_projects_own_leg(tmp_path: Path) -> None:
    found = only(tmp_path)
    assert (found.name, found.strategy, found.target_state) == (
        "linux-x86_64-2.14.1-cpu-release-g++",
        "native",
        "proven",
    )


def test_the_projects_words_are_what_an_axis_has_that_is_left_out(tmp_path: Path) -> None:
    found = only(tmp_path, torch_version="2.15.0", build_type="debug")
    assert found.name == "linux-x86_64-2.15.0-cpu-debug-g++"


def test_the_version_is_that_of_the_export_and_without_one_the_newest(tmp_path: Path) -> None:
    lock.write(tmp_path, {"torch_version": "2.13.0+cpu"}, [])
    assert only(tmp_path).leg.torch_version == "2.13.0"
    (tmp_path / lock.FILE_NAME).unlink()
    assert only(tmp_path, python=None).leg.torch_version == catalog.newest()


def test_a_project_for_cuda_has_the_cuda_of_the_wheel_and_none_on_a_mac(tmp_path: Path) -> None:
    found = planned(tmp_path, device="cuda", matrix={"platform": ["linux-x86_64", "macos-arm64"]})
    assert [each.leg.accelerator for each in found] == ["cu130", "cpu"]


def test_a_leg_for_a_gpu_says_so_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = {"accelerator": ["cu130"]}
    assert only(tmp_path, matrix=matrix).target_state == "elsewhere"
    assert only(tmp_path, matrix=matrix).reason == "it needs an NVIDIA GPU and its driver on linux-x86_64"
    monkeypatch.setattr(cuda, "driver", lambda: Driver(cuda="13.0", devices=1))
    assert only(tmp_path, matrix=matrix).target_state == "proven"
    assert (
        only(tmp_path, matrix={"accelerator": ["rocm7.2"]}).reason
        == "it needs an AMD GPU and its driver on linux-x86_64"
    )


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ({"torch_version": ["9.9"]}, "9.9"),
        ({"torch_version": ["2.13.0"]}, "LibTorch 2.13.0 is older than torch 2.14.1"),
        ({"accelerator": ["cu999"]}, "cu999"),
        ({"platform": ["macos-x86_64"]}, "2.2.2 was the last for Intel Macs"),
        ({"compiler": ["msvc"]}, "msvc builds for Windows only"),
        ({"platform": ["windows-x86_64"], "build_type": ["debug"]}, "no debug LibTorch 2.14.1"),
    ],
)
def test_a_leg_that_cannot_exist_says_why(tmp_path: Path, matrix: dict[str, Any], reason: str) -> None:
    found = only(tmp_path, matrix=matrix)
    assert (found.target_state, found.strategy) == ("impossible", None)
    assert reason in found.reason
    assert found.hint


def test_an_older_libtorch_may_try_when_the_project_says_so(tmp_path: Path) -> None:
    assert only(tmp_path, older_libtorch=True, matrix={"torch_version": ["2.13.0"]}).target_state == "proven"


def test_what_nothing_here_can_do_needs_its_own_machine(tmp_path: Path) -> None:
    found = only(tmp_path, matrix={"platform": ["windows-x86_64"], "compiler": ["msvc"]})
    assert found.target_state == "elsewhere"
    assert "Visual Studio" in found.reason


def test_a_tool_that_is_not_installed_is_no_other_hardware(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Refusal("no colon: and two: of them", "`apt-get install clang-99`")
    monkeypatch.setattr(strategies.native, "lacks", lambda _: lacking)
    found = only(tmp_path, matrix={"compiler": ["clang++-99"]})
    assert (found.target_state, found.reason) == ("lacking", lacking.reason)
    assert found.hint == lacking.hint


def test_operators_of_one_platform_keep_the_others_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = OperatorLibrary(namespace="torchvision", file="_C.so")
    made = make.artifact(libraries=(library,), torch_version="2.14.1+cpu")
    monkeypatch.setattr(model, "read", lambda _: made)
    assert only(tmp_path).target_state == "proven"
    found = only(tmp_path, matrix={"platform": ["linux-aarch64"]})
    assert found.target_state == "elsewhere"
    assert "_C.so" in found.reason
