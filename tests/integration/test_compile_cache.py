"""Real ccache, sccache and Redis behind the presets that tsgen writes: compiled once, then taken from the cache."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import console
from tsgen.build import cache_report
from tsgen.errors import ToolMissingError
from tsgen.project import user_presets
from tsgen.system import files
from tsgen.toolchain import compile_cache, sccache

from .caching import CONFIG, Project, isolate, needs, ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.toolchain.compile_cache import Launcher
    from tsgen.types import BuildType


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    isolate(monkeypatch, tmp_path)
    return Project(tmp_path / "small")


@pytest.mark.parametrize("build_type", ["release", "debug"])
def test_ccache_serves_another_build_folder(project: Project, build_type: BuildType) -> None:
    """Debug information names the build folder; without CCACHE_NOHASHDIR the second is compiled again."""
    needs("ccache")
    cache = compile_cache.of(replace(CONFIG, compile_cache="ccache"), project.root)
    project.build(cache, build_type)
    assert hits_of_ccache() == 0
    presets_text = (project.root / "CMakePresets.json").read_text(encoding="utf-8")
    (project.root / "CMakePresets.json").write_text(presets_text.replace("/build/", "/build/other-"), encoding="utf-8")
    ran("cmake", "--preset", user_presets.local_name(build_type), "-B", "build/other", cwd=project.root)
    ran("cmake", "--build", "build/other", cwd=project.root, env=dict(cache.environment))
    assert hits_of_ccache() == 1


def hits_of_ccache() -> int:
    counts = dict(line.split("\t")[:2] for line in ran("ccache", "--print-stats").splitlines())
    return int(counts["direct_cache_hit"]) + int(counts["preprocessed_cache_hit"])


def test_a_folder_that_cannot_be_written_is_a_note(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself ccache would end with an error instead of compiling."""
    needs("ccache")
    monkeypatch.setenv("CCACHE_DIR", str(project.root / "main.cpp"))
    notes: list[str] = []
    monkeypatch.setattr(console, "note", notes.append)
    cache = compile_cache.of(CONFIG, project.root)
    project.build(cache)
    assert cache == compile_cache.NONE
    assert len(notes) == 1
    assert "main.cpp" in notes[0]


def test_with_v_a_line_tells_what_the_cache_did(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("ccache")
    lines: list[str] = []
    monkeypatch.setattr(console, "detail", lines.append)
    cache = compile_cache.of(CONFIG, project.root)
    for _ in range(2):
        shutil.rmtree(project.root / "build", ignore_errors=True)
        project.write_presets(cache)
        ran("cmake", "--preset", "local-release", cwd=project.root)
        for _ in range(2):  # the second time there is nothing to compile, and nothing to tell
            with cache_report.counting(
                project.root / "build/release", cache.variables, cache.environment
            ) as environment:
                ran("cmake", "--build", "--preset", "local-release", cwd=project.root, env=environment)
    assert lines == ["ccache: 0 of 1 compilations were in the cache", "ccache: 1 of 1 compilations were in the cache"]


def test_none_forgets_the_launcher_of_the_build_before(project: Project) -> None:
    """CMake keeps what its cache once had, unless it is told otherwise."""
    needs("ccache")
    kept = project.root / "build/release/CMakeCache.txt"
    project.build(compile_cache.of(replace(CONFIG, compile_cache="ccache"), project.root))
    assert "ccache" in line_of(kept)
    project.write_presets(compile_cache.NONE)
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
    servers.append(cache := compile_cache.of(with_redis(redis), project.root))
    before = keys(redis)
    project.build(cache)
    assert keys(redis) > before
    assert hits(cache) == 0
    # A new server, as on another machine: it has nothing but Redis.
    ran("sccache", "--stop-server", env=dict(cache.environment))
    project.build(compile_cache.of(with_redis(redis), project.root))
    assert hits(cache) == 1
    assert f"127.0.0.1:{redis}" in stats(cache)["cache_location"]


def test_with_v_a_line_tells_what_sccache_did(
    project: Project, servers: list[Launcher], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(console, "detail", lines.append)
    asked_for = {"SCCACHE_DIR": str(tmp_path / "disk")}
    cache = compile_cache.of(replace(CONFIG, compile_cache_environment=asked_for), project.root)
    servers.append(cache)
    for _ in range(2):
        with cache_report.counting(project.root / "build/release", cache.variables, cache.environment):
            project.build(cache)
    assert lines == ["sccache: 0 of 1 compilations were in the cache", "sccache: 1 of 1 compilations were in the cache"]


def test_another_storage_is_not_served_by_the_server_of_the_first(
    project: Project, redis: int, servers: list[Launcher], tmp_path: Path
) -> None:
    servers.append(first := compile_cache.of(with_redis(redis), project.root))
    local = {"SCCACHE_DIR": str(tmp_path / "disk")}
    config = replace(CONFIG, compile_cache="sccache", compile_cache_environment=local)
    servers.append(second := compile_cache.of(config, project.root))
    before = keys(redis)
    project.build(second)
    assert keys(redis) == before
    assert "Local disk" in stats(second)["cache_location"]
    assert "redis" in stats(first)["cache_location"]


def test_a_running_server_is_kept(project: Project, redis: int, servers: list[Launcher]) -> None:
    """`sccache --start-server` puts a second one in its place, and leaves the first one behind."""
    servers.append(cache := compile_cache.of(with_redis(redis), project.root))
    project.build(cache)
    assert compile_cache.of(with_redis(redis), project.root) == cache
    assert stats(cache)["stats"]["compile_requests"] > 0


def test_a_storage_that_is_misspelt_is_told(project: Project, servers: list[Launcher]) -> None:
    asked_for = {"SCCACHE_BUCKET": "objects", "SCCACHE_ENDPOINT": "127.0.0.1:1"}
    assert not servers
    with pytest.raises(ToolMissingError, match="does not start with the storage") as caught:
        compile_cache.of(replace(CONFIG, compile_cache="sccache", compile_cache_environment=asked_for), project.root)
    assert "region" in caught.value.details
    assert not sccache._listens(sccache._address(files.digest_of(sccache._settings(asked_for))))
