"""The compile cache: what CMake is told, what the cache is told, and what must not be written to tsgen.toml."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tsgen import launcher, presets, sccache
from tsgen.config import from_table
from tsgen.errors import ConfigError, ToolMissingError, UnsafeError

from .make import config, libtorch
from .test_records import TOOLS

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such sockets for sccache")
REDIS = "SCCACHE_REDIS_ENDPOINT"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("SCCACHE_", "CCACHE_", "AWS_", "TMPDIR"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ccache and an sccache that only exist, alone on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ccache", "sccache"):
        file = folder / f"{name}.exe" if os.name == "nt" else folder / name
        file.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def refusal(table: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        from_table({"name": "a", "model": "b", "compile_cache_environment": table}, where="tsgen.toml")
    return caught.value


def test_without_a_compile_cache_nothing_is_said(tmp_path: Path) -> None:
    assert launcher.of(config(), tmp_path) == launcher.Launcher()


@pytest.mark.parametrize("name", ["ccache", "sccache"])
def test_one_that_is_missing_is_told_with_the_way_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ToolMissingError, match=f"`compile_cache` is `{name}`") as caught:
        launcher.of(config(compile_cache=name), tmp_path)
    assert f"install {name}`" in caught.value.hint


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("source", ["ops/a.cu", "src/cuda/a.cu", "ops/a.cpp", None])
def test_cuda_gets_it_where_there_are_cuda_sources(tmp_path: Path, source: str | None) -> None:
    if source:
        (tmp_path / source).parent.mkdir(parents=True)
        (tmp_path / source).touch()
    found = launcher.of(config(compile_cache="ccache"), tmp_path)
    wanted = {"CMAKE_CXX_COMPILER_LAUNCHER"}
    assert set(found.variables) == wanted | ({"CMAKE_CUDA_COMPILER_LAUNCHER"} if str(source).endswith(".cu") else set())
    assert all(Path(program).is_file() for program in found.variables.values())


@pytest.mark.usefixtures("programs")
def test_the_environment_comes_before_tsgen_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCACHE_DIR", "/mine")
    asked = {"CCACHE_DIR": "/theirs", "CCACHE_REMOTE_STORAGE": "redis://10.0.0.1"}
    found = launcher.of(config(compile_cache="ccache", compile_cache_environment=asked), tmp_path)
    assert found.environment == {"CCACHE_NOHASHDIR": "1", "CCACHE_REMOTE_STORAGE": "redis://10.0.0.1"}


def test_the_presets_carry_it_to_a_plain_cmake(tmp_path: Path) -> None:
    cache = launcher.Launcher(
        variables={"CMAKE_CXX_COMPILER_LAUNCHER": "/bin/ccache"}, environment={"CCACHE_DIR": "/c"}
    )
    presets.write(tmp_path, libtorch(), TOOLS, {}, cache)
    document = json.loads((tmp_path / presets.FILE_NAME).read_text(encoding="utf-8"))
    for preset in document["configurePresets"]:
        assert preset["cacheVariables"]["CMAKE_CXX_COMPILER_LAUNCHER"] == "/bin/ccache"
        assert preset["environment"] == {"CCACHE_DIR": "/c"}


@pytest.mark.usefixtures("programs")
def test_sccache_without_a_setting_is_the_machines_own(tmp_path: Path) -> None:
    assert launcher.of(config(compile_cache="sccache"), tmp_path).environment == {}


@pytest.mark.usefixtures("programs")
def test_a_server_that_was_named_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCCACHE_SERVER_UDS", "/run/mine")
    asked = {REDIS: "redis://10.0.0.1"}
    assert launcher.of(config(compile_cache="sccache", compile_cache_environment=asked), tmp_path).environment == asked


class TestAddress:
    """Another storage has another server: sccache's own client would not notice."""

    @pytest.fixture(autouse=True)
    def listening(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sccache, "_listens", lambda _: True)

    def address(self, **asked: str) -> dict[str, str]:
        environment = sccache.served("sccache", asked)
        return {key: value for key, value in environment.items() if key not in asked}

    def test_it_is_the_same_for_the_same_storage(self) -> None:
        assert self.address(SCCACHE_BUCKET="a") == self.address(SCCACHE_BUCKET="a") != {}

    def test_another_storage_has_another(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        seen = [self.address(SCCACHE_BUCKET="a"), self.address(SCCACHE_BUCKET="b"), self.address(SCCACHE_DIR="a")]
        monkeypatch.setenv("AWS_PROFILE", "other")
        seen.append(self.address(SCCACHE_BUCKET="a"))
        (tmp_path / "conf").write_text("[dist]\n", encoding="utf-8")
        monkeypatch.setenv("SCCACHE_CONF", str(tmp_path / "conf"))
        seen.append(self.address(SCCACHE_BUCKET="a"))
        (tmp_path / "conf").write_text("[dist]\nscheduler_url = 'http://scheduler.example'\n", encoding="utf-8")
        seen.append(self.address(SCCACHE_BUCKET="a"))
        assert len({str(each) for each in seen}) == len(seen)

    def test_it_says_nothing_of_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = []
        for secret in ("hunter2", "another"):
            monkeypatch.setenv("SCCACHE_REDIS_PASSWORD", secret)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
            seen.append(self.address(SCCACHE_REDIS=f"redis://user:{secret}@10.0.0.1"))
        assert seen[0] == seen[1]

    @posix
    def test_a_socket_that_others_could_have_made_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / f"tsgen-{os.getuid()}"
        folder.mkdir()
        folder.chmod(0o777)
        with pytest.raises(UnsafeError, match="is open to others"):
            self.address(SCCACHE_BUCKET="a")

    @posix
    def test_the_path_fits_into_a_socket(self) -> None:
        (path,) = self.address(SCCACHE_BUCKET="a").values()
        assert len(Path(path).name) <= 30

    def test_windows_gets_a_port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        found = self.address(SCCACHE_BUCKET="a")
        assert 20000 <= int(found["SCCACHE_SERVER_PORT"]) < 32000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "x") for name in ("SCCACHE_REDIS_PASSWORD", "SCCACHE_WEBDAV_TOKEN", "SCCACHE_GHA_RUNTIME_TOKEN")),
        *((name, "x") for name in ("SCCACHE_ACCESS_KEY", "SCCACHE_ACCESS_KEY_ID", "CCACHE_SECRET_STORAGE")),
        ("SCCACHE_AZURE_CONNECTION_STRING", "AccountKey=x"),
        ("SCCACHE_REDIS", "redis://user:hunter2@10.0.0.1:6379"),
        ("CCACHE_REMOTE_STORAGE", "redis://:hunter2@10.0.0.1:6379"),
    ],
)
def test_a_secret_is_not_for_a_committed_file(name: str, value: str) -> None:
    error = refusal({name: value})
    assert "holds a secret, and tsgen.toml is committed" in error.message
    assert name in error.hint
    assert "hunter2" not in error.message + error.hint


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "sccache_dir", "SCCACHE_", "MY_SCCACHE_DIR"])
def test_a_variable_of_something_else_is_refused(name: str) -> None:
    error = refusal({name: "x"})
    assert "is not a variable of a compile cache" in error.message
    assert "SCCACHE_REDIS_ENDPOINT" in error.hint


def test_a_value_is_a_string() -> None:
    assert "must be a string, not 6379" in refusal({REDIS: 6379}).message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (REDIS, "redis://10.0.0.1:6379"),
        ("SCCACHE_S3_KEY_PREFIX", "tsgen"),
        ("SCCACHE_GCS_KEY_PATH", "/etc/key.json"),
        ("CCACHE_REMOTE_STORAGE", "http://scheduler.example/cache"),
    ],
)
def test_what_is_no_secret_is_taken(name: str, value: str) -> None:
    table = {"name": "a", "model": "b", "compile_cache_environment": {name: value}}
    assert from_table(table, where="tsgen.toml").compile_cache_environment == {name: value}
