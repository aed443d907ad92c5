"""Real torch, real compilers. One resnet18 project is made for the whole tier; tests that change it put it back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tsgen.toolchain import compile_cache as launcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


@dataclass(frozen=True)
class Ended:
    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """What --json printed."""
        value: dict[str, Any] = json.loads(self.stdout)
        return value


def run(*command: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="session", autouse=True)
def compile_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Dozens of projects have the same sources in folders of their own: with ccache they are compiled once."""
    ccache = launcher.program("ccache")
    with pytest.MonkeyPatch.context() as patch:
        if ccache:
            patch.setenv("CMAKE_CXX_COMPILER_LAUNCHER", ccache)
            patch.setenv("CCACHE_DIR", os.environ.get("CCACHE_DIR", str(tmp_path_factory.mktemp("ccache"))))
            # The folders differ in their beginning alone, and their files were written a moment ago.
            patch.setenv("CCACHE_BASEDIR", str(tmp_path_factory.getbasetemp().resolve()))
            patch.setenv("CCACHE_NOHASHDIR", "1")
            patch.setenv("CCACHE_SLOPPINESS", "include_file_ctime,include_file_mtime")
        yield


class Tsgen(Protocol):
    def __call__(self, *words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended: ...


@pytest.fixture(scope="session")
def tsgen(model_python: Path) -> Tsgen:
    """Run tsgen as a user does; the models run in `model_python`."""

    def call(*words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
        environment = {"TSGEN_PYTHON": str(model_python), **(env or {})}
        return run(sys.executable, "-m", "tsgen", *words, cwd=cwd, env=environment)

    return call


@dataclass(frozen=True)
class Made:
    """A project that `tsgen new` made, with what it said."""

    root: Path
    outcome: dict[str, Any]

    @property
    def program(self) -> Path:
        """The user's own, from src/main.cpp."""
        return Path(self.outcome["build"]["executable"])

    @property
    def runner(self) -> Path:
        return Path(self.outcome["build"]["runner"])


def make(tsgen: Tsgen, parent: Path, name: str, *words: object, env: Mapping[str, str] | None = None) -> Made:
    ended = tsgen("new", name, *words, "--output", parent, "--json", env=env)
    assert ended.status == 0, ended.stdout + ended.stderr
    return Made(parent / name, ended.document)


def compiled(made: Made, source: str, folder: Path) -> Path:
    """A program of `projects/`, with the library that the project has built."""
    vendored, torch = made.root / "third_party/tsgen", made.outcome["libtorch"]["root"]
    built = made.root / "build/release/third_party/tsgen/libtsgen-runtime.a"
    program = folder / Path(source).stem
    include = (f"-I{vendored}/include", f"-I{made.root}/include")
    ended = run(
        *("g++", "-std=c++17", HERE / "projects" / source, "-o", program, *include, built),
        *(f"-L{torch}/lib", f"-Wl,-rpath,{torch}/lib", "-ltorch_cpu", "-lc10", "-pthread", "-ldl"),
        "-Wl,--unresolved-symbols=ignore-in-shared-libs",
    )
    assert ended.status == 0, ended.stderr
    return program


@pytest.fixture(scope="session")
def resnet(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tsgen, tmp_path_factory.mktemp("resnet"), "myapp", "--model", "resnet18")


@pytest.fixture
def artifact(resnet: Made, tmp_path: Path) -> Path:
    """A copy of resnet18's model/ to spoil."""
    return Path(shutil.copytree(resnet.root / "model", tmp_path / "model"))
