"""A stand-in LibTorch (two tiny shared libraries) and real CMake runs against it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tsgen import toolchain

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECTS = Path(__file__).parent / "projects"
TEMPLATE = Path(__file__).parents[2] / "templates/cpp/{{cookiecutter.project_slug}}"
VENDORED = TEMPLATE / "third_party/tsgen"


@dataclass(frozen=True)
class Run:
    """One finished command, both streams in order."""

    status: int
    output: str

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def report(self) -> dict[str, str]:
        """What the consumer project printed about the variables that find_package(Torch) set."""
        lines = [line.removeprefix("-- report ") for line in self.output.splitlines() if line.startswith("-- report ")]
        return dict(line.split("=", 1) for line in lines)

    @property
    def sentence(self) -> str:
        """The output as running text: CMake wraps its messages."""
        return " ".join(self.output.split())


class MakeTorch(Protocol):
    def __call__(self, root: Path, *, version: str = ..., version_file: str = ..., config: str = ...) -> Path: ...


class Consumer:
    """A user's project in a folder of its own, with our FindTorch.cmake and without a torch of this machine."""

    cmake: str | Path = "cmake"

    def __init__(self, folder: Path) -> None:
        self.source = folder / "consumer"
        self.build_folder = folder / "build"
        self.environment = without_torch(folder / "bin")
        shutil.copytree(PROJECTS / "consumer", self.source)

    def configure(self, *arguments: str, env: Mapping[str, str] | None = None) -> Run:
        module_path = f"-DCMAKE_MODULE_PATH={VENDORED / 'cmake'}"
        return self.run(
            self.cmake, "-G", "Ninja", "-S", self.source, "-B", self.build_folder, module_path, *arguments, env=env
        )

    def build(self, *arguments: str) -> Run:
        return self.run(self.cmake, "--build", self.build_folder, "--verbose", *arguments)

    def run(self, *command: str | Path, env: Mapping[str, str] | None = None) -> Run:
        return run(*command, env=self.environment | dict(env or {}))


def cmakes() -> list[Path]:
    """The CMakes to try: those that TSGEN_TEST_CMAKES names (as in a PATH), else the system's and the wheel's."""
    named = os.environ.get("TSGEN_TEST_CMAKES", "")
    found = named.split(os.pathsep) if named else [shutil.which("cmake"), toolchain._cmake_wheel()]
    return list(dict.fromkeys(Path(path).resolve() for path in found if path))


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
    done = subprocess.run(
        [str(word) for word in command],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Run(done.returncode, done.stdout)


def without_torch(bin_folder: Path) -> dict[str, str]:
    """The environment of the tests, except that nothing in it leads to a torch: `python3` and `python` have none.

    CMake and Ninja are those that tsgen takes: a machine may have none of its own.
    """
    bin_folder.mkdir()
    for name in ("python3", "python"):
        (bin_folder / name).symlink_to("/bin/false")
    leading = {"Torch_ROOT", "CMAKE_PREFIX_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHON", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in leading}
    tools = toolchain.find()
    places = (bin_folder, tools.cmake.path.parent, tools.ninja.path.parent, kept["PATH"])
    return kept | {"PATH": os.pathsep.join(map(str, places))}


def python_with_torch(folder: Path, site_packages: Path) -> Path:
    """An interpreter that has `site_packages`."""
    folder.mkdir(parents=True, exist_ok=True)
    # Without it, it is a namespace package, and a real torch of the tests' own interpreter wins.
    (site_packages / "torch" / "__init__.py").touch()
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{site_packages}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return python


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with libc10.so and libtorch_cpu.so."""
    folder = tmp_path_factory.mktemp("libraries")
    for name, needs in (("c10", ()), ("torch_cpu", ("-L.", "-lc10", "-Wl,-rpath,$ORIGIN"))):
        library = f"lib{name}.so"
        flags = ("-shared", "-fPIC", f"-Wl,-soname,{library}", "-o", library)
        done = run("c++", *flags, PROJECTS / "torch" / f"{name}.cpp", *needs, cwd=folder)
        assert done.ok, done.output
    return folder


@pytest.fixture
def make_torch(compiled: Path) -> MakeTorch:
    """Lays out a LibTorch in a folder and gives the folder back."""

    def make(root: Path, *, version: str = "2.14.1+cpu", version_file: str = "version.py", config: str = "") -> Path:
        headers = root / "include/torch/csrc/api/include/torch"
        headers.mkdir(parents=True)
        shutil.copy(PROJECTS / "torch/version.h", headers)
        (root / "share/cmake/Torch").mkdir(parents=True)
        (root / "share/cmake/Torch/TorchConfig.cmake").write_text(config + 'message(FATAL_ERROR "must not run")\n')
        shutil.copytree(compiled, root / "lib")
        _write_version(root, version, version_file)
        return root

    return make


def _write_version(root: Path, version: str, version_file: str) -> None:
    if version_file == "version.py":
        text = f"__all__ = ['__version__', 'debug']\n__version__ = '{version}'\ndebug = False\n"
    elif version_file == "build-version":
        text = f"{version}\n"
    else:
        numbers = zip(("MAJOR", "MINOR", "PATCH"), version.split("."), strict=True)
        text = "#pragma once\n" + "".join(f"#define TORCH_VERSION_{part} {number}\n" for part, number in numbers)
    file = root / version_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.fixture
def torch_root(tmp_path: Path, make_torch: MakeTorch) -> Path:
    return make_torch(tmp_path / "libtorch")


@pytest.fixture
def consumer(tmp_path: Path) -> Consumer:
    return Consumer(tmp_path)
