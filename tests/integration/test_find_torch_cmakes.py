"""Every supported CMake: configure, build, run, fetch. TSGEN_TEST_CMAKES names more of them than this machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import Consumer, cmakes, run, without_torch
from .lock import archived, pack, pin, serve, write
from .test_project import render

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTorch


@pytest.fixture(params=cmakes(), ids=lambda path: run(path, "--version").output.split()[2])
def cmake(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def with_cmake(cmake: Path, consumer: Consumer) -> Consumer:
    consumer.cmake = cmake
    return consumer


@pytest.mark.parametrize("generator", ["Ninja", "Ninja Multi-Config", "Unix Makefiles"])
def test_a_program_is_built_and_runs(torch_root: Path, with_cmake: Consumer, generator: str) -> None:
    done = with_cmake.configure("-G", generator, f"-DTorch_ROOT={torch_root}")
    assert done.ok, done.output
    assert "CMake Warning" not in done.output
    built = with_cmake.build("--config", "Release")
    assert built.ok, built.output
    folder = with_cmake.build_folder / ("Release" if "Multi" in generator else "")
    assert with_cmake.run(folder / "consumer").output == "42 stand-in 202002\n"


def test_the_locked_archive_is_fetched(tmp_path: Path, make_torch: MakeTorch, with_cmake: Consumer) -> None:
    archive = tmp_path / "served/libtorch/cpu/libtorch-shared-with-deps-2.13.0+cpu.zip"
    sha256 = pack(make_torch(tmp_path / "original", version="2.13.0+cpu"), archive)
    write(with_cmake.source, pin(archived(sha256)))
    with serve(tmp_path / "served") as server:
        done = with_cmake.configure(env={"TSGEN_MIRROR": server.address})
    assert done.ok, done.output
    assert "CMake Warning" not in done.output
    assert done.report["Torch_VERSION_FULL"] == "2.13.0+cpu"
    assert with_cmake.build().ok


def test_a_generated_project_is_configured(tmp_path: Path, torch_root: Path, cmake: Path) -> None:
    root = render(tmp_path)
    environment = without_torch(tmp_path / "bin") | {"Torch_ROOT": str(torch_root)}
    done = run(cmake, "-G", "Ninja", "-S", root, "-B", root / "build/x", env=environment)
    assert done.ok, done.output
    assert "CMake Warning" not in done.output
