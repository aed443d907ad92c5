"""Windows, as far as it can be had elsewhere: real CMake and Ninja, and a script in the place of each tool."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .conftest import PROJECTS, Consumer, cmakes, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

FOR_CPU = ["c10.dll", "fbgemm.dll", "libiomp5md.dll", "torch.dll", "torch_cpu.dll", "uv.dll"]
NOT_COPIED = ["torch_python.dll", "shm.dll", "libiompstubs5md.dll", "torch_cuda.dll", "c10_cuda.dll", "cudnn64_9.dll"]
RELEASE, DEBUG = "MSVCP140.dll", "MSVCP140D.dll"


def lay_out(root: Path, *, runtime: str = RELEASE, version: str = "2.12.0") -> Path:
    """A LibTorch for Windows; each DLL holds its own path, so that a copy tells where it is from."""
    (root / "include/torch/csrc/api/include").mkdir(parents=True)
    (root / "build-version").write_text(f"{version}+cpu\n")
    for folder in ("lib", "bin"):
        (root / folder).mkdir()
        for name in (*FOR_CPU, *NOT_COPIED):
            (root / folder / name).write_bytes(f"{root / folder}\0{runtime}\0".encode())
    for name in ("c10.lib", "torch_cpu.lib"):
        (root / "lib" / name).touch()
    return root


class Windows(Consumer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.rmtree(self.source)
        shutil.copytree(PROJECTS / "dlls", self.source)
        self.toolchain = PROJECTS / "windows/toolchain.cmake"

    def configure_for(self, root: Path, *arguments: str) -> Run:
        toolchain = f"-DCMAKE_TOOLCHAIN_FILE={self.toolchain}"
        # With MSVC, CMake's own default is Debug.
        return self.configure(toolchain, f"-DTorch_ROOT={root}", "-DCMAKE_BUILD_TYPE=Release", *arguments)

    def command(self, output: str, configuration: str = "") -> str:
        """The command that makes `output`."""
        words = [self.cmake, "--build", self.build_folder, "--config", configuration or "Release", "--"]
        commands = run(*words, "-t", "commands", env=self.environment).output.splitlines()
        return next(line for line in commands if output in line)


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    return Windows(tmp_path)


@pytest.fixture
def libtorch(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "libtorch")


@pytest.fixture
def debug_libtorch(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "libtorch debug", runtime=DEBUG)


def dlls(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.dll"))


@pytest.mark.parametrize("cmake", cmakes(), ids=lambda path: run(path, "--version").output.split()[2])
def test_what_a_cpu_needs_lies_beside_the_program_once(windows: Windows, libtorch: Path, cmake: Path) -> None:
    windows.cmake = cmake
    done = windows.configure_for(libtorch)
    assert done.ok, done.output
    built = windows.build()
    assert built.ok, built.output
    assert dlls(windows.build_folder) == FOR_CPU
    assert f"{libtorch}/lib\0" in (windows.build_folder / "uv.dll").read_text()


def test_the_dlls_are_installed_with_the_program(windows: Windows, libtorch: Path, tmp_path: Path) -> None:
    windows.configure_for(libtorch)
    windows.build()
    done = windows.run("cmake", "--install", windows.build_folder, "--prefix", tmp_path / "prefix")
    assert done.ok, done.output
    assert dlls(tmp_path / "prefix/bin") == FOR_CPU


def test_how_a_gpu_is_used_is_said(windows: Windows, libtorch: Path) -> None:
    assert f'To use a GPU, start program with "{libtorch}/lib" on the PATH' in windows.configure_for(libtorch).sentence


def test_flags_and_libraries(windows: Windows, libtorch: Path) -> None:
    windows.configure_for(libtorch)
    words = windows.command("inner.cpp.obj").split()
    assert {"-DNOMINMAX", "/permissive-", "/EHsc", "/bigobj", "-std:c++20"} <= set(words)
    assert "-DNOMINMAX" not in windows.command("main.cpp.obj")
    linked = windows.command("/out:program.exe")
    assert f"{libtorch}/lib/torch_cpu.lib" in linked
    assert f"{libtorch}/lib/c10.lib" in linked


def test_debug_and_release_in_one_build_tree(windows: Windows, libtorch: Path, debug_libtorch: Path) -> None:
    done = windows.configure_for(libtorch, "-G", "Ninja Multi-Config", f"-DTorch_ROOT_DEBUG={debug_libtorch}")
    assert done.ok, done.output
    for configuration, root in (("Debug", debug_libtorch), ("Release", libtorch), ("RelWithDebInfo", libtorch)):
        built = windows.build("--config", configuration)
        assert built.ok, built.output
        assert f"{root}/lib/torch_cpu.lib" in windows.command("program.exe", configuration).replace("\\", "")
        assert dlls(windows.build_folder / configuration) == FOR_CPU
        for name in FOR_CPU:
            assert (windows.build_folder / configuration / name).read_text().startswith(f"{root}/lib\0")


def test_debug_alone_fails_when_it_is_built_and_release_does_not(windows: Windows, libtorch: Path) -> None:
    assert windows.configure_for(libtorch, "-G", "Ninja Multi-Config").ok
    assert windows.build("--config", "Release").ok
    assert windows.build("--config", "RelWithDebInfo").ok
    built = windows.build("--config", "Debug")
    assert not built.ok
    assert "#error This is a Debug build with MSVC" in built.sentence
    assert "Build the configuration RelWithDebInfo" in built.sentence


def test_debug_with_a_release_libtorch_is_refused_at_once(windows: Windows, libtorch: Path) -> None:
    done = windows.configure_for(libtorch, "-DCMAKE_BUILD_TYPE=Debug")
    assert not done.ok
    assert "-DCMAKE_BUILD_TYPE=RelWithDebInfo or --config RelWithDebInfo), or set Torch_ROOT_DEBUG" in done.sentence


def test_a_debug_libtorch_is_known_by_its_runtime(windows: Windows, debug_libtorch: Path) -> None:
    assert windows.configure_for(debug_libtorch, "-DCMAKE_BUILD_TYPE=Debug").ok
    done = windows.configure_for(debug_libtorch, "-DCMAKE_BUILD_TYPE=Release")
    assert not done.ok
    assert "is a Debug one, but this is a Release build" in done.sentence


def test_a_release_libtorch_is_no_debug_one(windows: Windows, libtorch: Path, tmp_path: Path) -> None:
    other = lay_out(tmp_path / "other")
    done = windows.configure_for(libtorch, f"-DTorch_ROOT_DEBUG={other}", "-DCMAKE_BUILD_TYPE=Debug")
    assert not done.ok
    assert "Torch_ROOT_DEBUG" in done.sentence
    assert "is a Release one" in done.sentence


def test_the_two_must_be_of_one_version(windows: Windows, libtorch: Path, tmp_path: Path) -> None:
    other = lay_out(tmp_path / "other", runtime=DEBUG, version="2.11.0")
    done = windows.configure_for(libtorch, "-G", "Ninja Multi-Config", f"-DTorch_ROOT_DEBUG={other}")
    assert not done.ok
    assert "is 2.11.0+cpu, but the Release one beside it is 2.12.0+cpu" in done.sentence


def test_debug_with_the_release_runtime_may_use_a_release_libtorch(windows: Windows, libtorch: Path) -> None:
    runtime = "-DCMAKE_MSVC_RUNTIME_LIBRARY=MultiThreadedDLL"
    assert windows.configure_for(libtorch, "-DCMAKE_BUILD_TYPE=Debug", runtime).ok


def test_a_static_runtime_is_refused(windows: Windows, libtorch: Path) -> None:
    done = windows.configure_for(libtorch, "-DCMAKE_MSVC_RUNTIME_LIBRARY=MultiThreaded")
    assert not done.ok
    assert "LibTorch uses Microsoft's runtime as a DLL" in done.sentence
