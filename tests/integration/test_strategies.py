"""The strategies of the matrix with real tools, as far as they need no real LibTorch."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.unit import make
from tests.unit.binaries import write_pe
from tsgen import render, toolchain
from tsgen.config import Config
from tsgen.errors import BuildError
from tsgen.matrix.strategies import emulated, windows
from tsgen.matrix.strategies.strategy import Site
from tsgen.system import process
from tsgen.types.matrix import Leg

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.matrix.strategies.strategy import Strategy

# What an emulated program sees of its processor, and whether a thread and an exception of the other libstdc++ work.
PROCESSOR = """
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

int main() {
  std::thread([] { std::cout << "cores " << std::thread::hardware_concurrency() << '\\n'; }).join();
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) std::cout << line << '\\n';
  try {
    throw std::runtime_error("caught");
  } catch (const std::exception &error) {
    std::cout << error.what() << '\\n';
  }
}
"""
STATIC_RUNTIME = "tsgen_find_libtorch()\nset(CMAKE_MSVC_RUNTIME_LIBRARY MultiThreaded)"
DLLS = {
    "c10.dll": ("MSVCP140.dll",),
    "torch_cpu.dll": ("c10.dll", "libiomp5md.dll", "uv.dll"),
    "libiomp5md.dll": ("KERNEL32.dll",),
    "uv.dll": ("KERNEL32.dll",),
    "torch_python.dll": ("python311.dll",),
}


def site(way: Strategy, folder: Path, platform: str, compiler: str) -> Site:
    """Skips where the machine lacks the tools."""
    leg = Leg(platform=platform, torch_version="2.14.1", accelerator="cpu", build_type="release", compiler=compiler)
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip("these ways lead from linux-x86_64")
    if lacking := way.lacks(leg):
        pytest.skip(f"{lacking.reason}: {lacking.hint}")
    (folder / "leg").mkdir()
    libtorch = make.libtorch(folder / "libtorch", platform=platform)
    return Site(leg=leg, libtorch=libtorch, folder=folder / "leg", toolchain=toolchain.find())


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_a_program_for_arm_runs_and_sees_an_arm(tmp_path: Path, compiler: str) -> None:
    at = site(emulated, tmp_path, "linux-aarch64", compiler)
    (tmp_path / "main.cpp").write_text(PROCESSOR)
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.21)\nproject(app CXX)\nfind_package(Threads REQUIRED)\n"
        "add_executable(app main.cpp)\ntarget_link_libraries(app PRIVATE Threads::Threads)\n"
        "enable_testing()\nadd_test(NAME app COMMAND app)\n"
    )
    setup = emulated.set_up(at)
    cmake, ninja = at.toolchain.cmake.path, f"-DCMAKE_MAKE_PROGRAM={at.toolchain.ninja.path}"
    variables = [f"-D{name}={value}" for name, value in setup.variables.items()]
    process.run([cmake, "-S", tmp_path, "-B", at.build, "-G", "Ninja", ninja, *variables])
    process.run([cmake, "--build", at.build])
    said = process.run([*setup.emulator, at.build / "app"]).stdout
    assert f"cores {os.cpu_count()}\n" in said
    assert said.count("CPU implementer\t: 0x41\n") == os.cpu_count()
    assert said.endswith("caught\n")
    # CTest runs it by the emulator that the toolchain file names.
    assert process.run([cmake.parent / "ctest", "--test-dir", at.build], check=False).status == 0
    with pytest.raises(BuildError, match=r"not linked with libtorch_cpu\.so and libc10\.so"):
        emulated.check(at, at.build / "app")


@dataclass(frozen=True)
class OnWindows:
    """A rendered project and a stand-in LibTorch whose DLLs name one another as the real ones do."""

    project: Path
    at: Site

    def check(self) -> tuple[str, ...]:
        setup, tools = windows.set_up(self.at), self.at.toolchain
        variables = {"CMAKE_MAKE_PROGRAM": tools.ninja.path, "Torch_ROOT": self.at.libtorch.root, **setup.variables}
        words = [f"-D{name}={value}" for name, value in variables.items()]
        shutil.rmtree(self.at.build, ignore_errors=True)
        process.run([tools.cmake.path, "--preset", "release", "-B", self.at.build, *words], cwd=self.project)
        return windows.check(self.at, self.at.build / "app-runner.exe")

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.project / file).read_text()
        assert old in text
        (self.project / file).write_text(text.replace(old, new))


@pytest.fixture
def on_windows(tmp_path: Path) -> OnWindows:
    at = site(windows, tmp_path, "windows-x86_64", "clang-cl")
    root = at.libtorch.root
    (root / "lib").mkdir(parents=True)
    (root / "include/torch/csrc/api/include").mkdir(parents=True)
    (root / "build-version").write_text("2.14.1+cpu\n")
    for name, imports in DLLS.items():
        write_pe(root / "lib" / name, imports=imports)
    for name in ("c10.lib", "torch_cpu.lib"):
        (root / "lib" / name).touch()
    return OnWindows(render.project(Config(name="app", model="resnet18"), tmp_path / "rendered"), at)


def test_what_cmake_generates_for_windows_is_right(on_windows: OnWindows) -> None:
    standard, runtime, libraries, dlls = on_windows.check()
    assert standard == "torchscript/all.cpp is compiled as C++20, as LibTorch needs"
    assert "(/MD)" in runtime
    assert "c10.lib" in libraries
    assert dlls.endswith(": c10.dll, libiomp5md.dll, torch_cpu.dll, uv.dll")


@pytest.mark.parametrize(
    ("file", "old", "new", "refusal"),
    [
        ("cmake/TsgenRunner.cmake", "torch_copy_dlls(${target})", "", "not copied beside.*: c10.dll, libiomp5md.dll"),
        ("cmake/TorchDlls.cmake", "torch_python|shm|", "uv|", "not copied beside the program.*: uv.dll"),
        ("cmake/TorchDlls.cmake", "torch_python|shm|", "shm|", "has no Python: torch_python.dll"),
        (
            "CMakeLists.txt",
            "tsgen-torchscript PRIVATE tsgen::libtorch)",
            "tsgen-torchscript PRIVATE tsgen::c10)",
            r"needs C\+\+20 \(torchscript/all.cpp: C\+\+17\)",
        ),
        (
            "cmake/TorchTargets.cmake",
            '"${prefix}torch_cpu;${prefix}c10;',
            '"${prefix}c10;',
            "not linked with torch_cpu",
        ),
        ("CMakeLists.txt", "tsgen_find_libtorch()", STATIC_RUNTIME, "compiled with /MD"),
    ],
)
def test_what_is_wrong_in_a_project_for_windows_is_found(
    on_windows: OnWindows, file: str, old: str, new: str, refusal: str
) -> None:
    on_windows.edit(f"third_party/tsgen/{file}", old, new)
    with pytest.raises(BuildError, match=refusal):
        on_windows.check()
