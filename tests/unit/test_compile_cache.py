"""The compile cache: what CMake is told, what the cache is told, and what must not be written to tsgen.toml."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tsgen import console
from tsgen.errors import ToolMissingError, UnsafeError
from tsgen.project import user_presets
from tsgen.system import process
from tsgen.toolchain import ccache, compile_cache, sccache

from .make import config, libtorch
from .test_records import TOOLS

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such sockets for sccache")
REDIS = "SCCACHE_REDIS_ENDPOINT"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("SCCACHE_", "CCACHE_", "AWS_", "TMPDIR", "CMAKE_"))]:
        monkeypatch.delenv(name)
    compile_cache.forget()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ccache and an sccache that only exist, alone on the path and beside Python, and work."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ccache", "sccache"):
        file = folder / f"{name}.exe" if os.name == "nt" else folder / name
        file.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(ccache, "problem", lambda *_: "")
    return folder


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(console, "note", seen.append)
    return seen


def taken(found: compile_cache.Launcher) -> str:
    """The name of the program that compilers are started with."""
    return Path(found.variables.get("CMAKE_CXX_COMPILER_LAUNCHER", "")).stem


@pytest.mark.usefixtures("programs")
def test_without_a_compile_cache_nothing_is_said(tmp_path: Path) -> None:
    assert compile_cache.of(config(compile_cache="none"), tmp_path) == compile_cache.Launcher()


class TestAuto:
    """What is taken without being asked for."""

    @pytest.mark.parametrize(
        ("there", "wanted"), [({"ccache", "sccache"}, "ccache"), ({"sccache"}, "sccache"), (set(), "")]
    )
    def test_ccache_comes_before_sccache(
        self, tmp_path: Path, programs: Path, there: set[str], wanted: str, notes: list[str]
    ) -> None:
        for each in list(programs.iterdir()):
            if each.stem not in there:
                each.unlink()
        assert taken(compile_cache.of(config(), tmp_path)) == wanted
        assert notes == []

    def test_the_one_beside_python_is_found(
        self, tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert taken(compile_cache.of(config(), tmp_path)) == ""
        monkeypatch.setattr(sys, "executable", str(programs / "python"))
        assert taken(compile_cache.of(config(), tmp_path)) == "ccache"

    @pytest.mark.usefixtures("programs")
    def test_a_storage_of_sccache_asks_for_sccache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sccache, "served", lambda _, asked: dict(asked))
        table = {REDIS: "redis://10.0.0.1"}
        assert taken(compile_cache.of(config(compile_cache_environment=table), tmp_path)) == "sccache"

    @pytest.mark.usefixtures("programs")
    @pytest.mark.parametrize("value", ["/mine/distcc", ""])
    @pytest.mark.parametrize("language", ["CXX", "CUDA"])
    def test_a_launcher_of_the_environment_is_the_users_word(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, value: str
    ) -> None:
        monkeypatch.setenv(f"CMAKE_{language}_COMPILER_LAUNCHER", value)
        assert compile_cache.of(config(), tmp_path) == compile_cache.NONE
        assert taken(compile_cache.of(config(compile_cache="ccache"), tmp_path)) == "ccache", "asked for by name"

    @pytest.mark.usefixtures("programs")
    def test_an_sccache_that_does_not_start_is_a_note(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: list[str]
    ) -> None:
        def fails(*_: object) -> dict[str, str]:
            raise ToolMissingError("it does not start", details="no such bucket")

        monkeypatch.setattr(sccache, "served", fails)
        table = {"SCCACHE_BUCKET": "a"}
        assert compile_cache.of(config(compile_cache_environment=table), tmp_path) == compile_cache.NONE
        (note,) = notes
        assert note.endswith("everything is compiled without it: it does not start no such bucket")
        with pytest.raises(ToolMissingError, match="does not start"):
            compile_cache.of(config(compile_cache="sccache", compile_cache_environment=table), tmp_path)


@pytest.mark.usefixtures("programs")
def test_a_ccache_that_we_ended_ourselves_is_no_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: list[str]
) -> None:
    monkeypatch.setattr(ccache, "problem", lambda *_: "it ends with status -15")
    ended = process.CancelToken()
    ended.cancel()
    token = process.cancel_token.set(ended)
    compile_cache.of(config(), tmp_path)
    process.cancel_token.reset(token)
    assert notes == []


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("name", ["auto", "ccache"])
def test_a_ccache_that_cannot_work_is_a_note_and_everything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: list[str], name: Any
) -> None:
    monkeypatch.setattr(ccache, "problem", lambda *_: "/c cannot be written: Read-only file system")
    for _ in range(2):
        assert compile_cache.of(config(compile_cache=name), tmp_path) == compile_cache.NONE
    assert notes == [
        "ccache cannot be used, so everything is compiled without it: /c cannot be written: Read-only file system"
    ]


@pytest.mark.parametrize("name", ["ccache", "sccache"])
def test_one_that_is_missing_is_told_with_the_way_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ToolMissingError, match=f"`compile_cache` is `{name}`") as caught:
        compile_cache.of(config(compile_cache=name), tmp_path)
    assert f"install {name}`" in caught.value.hint


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("source", ["ops/a.cu", "src/cuda/a.cu", "ops/a.cpp", None])
def test_cuda_gets_it_where_there_are_cuda_sources(tmp_path: Path, source: str | None) -> None:
    if source:
        (tmp_path / source).parent.mkdir(parents=True)
        (tmp_path / source).touch()
    found = compile_cache.of(config(compile_cache="ccache"), tmp_path)
    wanted = {"CMAKE_CXX_COMPILER_LAUNCHER"}
    assert set(found.variables) == wanted | ({"CMAKE_CUDA_COMPILER_LAUNCHER"} if str(source).endswith(".cu") else set())
    assert all(Path(program).is_file() for program in found.variables.values())


@pytest.mark.usefixtures("programs")
def test_the_environment_comes_before_tsgen_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCACHE_DIR", "/mine")
    asked = {"CCACHE_DIR": "/theirs", "CCACHE_REMOTE_STORAGE": "redis://10.0.0.1"}
    found = compile_cache.of(config(compile_cache="ccache", compile_cache_environment=asked), tmp_path)
    assert found.environment == {
        "CCACHE_NOHASHDIR": "1",
        "CCACHE_BASEDIR": str(tmp_path),
        "CCACHE_REMOTE_STORAGE": "redis://10.0.0.1",
    }


@pytest.mark.usefixtures("programs")
def test_the_base_folder_of_ccache_may_be_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"CCACHE_BASEDIR": "/work"}
    found = compile_cache.of(config(compile_cache="ccache", compile_cache_environment=asked), tmp_path)
    assert found.environment["CCACHE_BASEDIR"] == "/work"
    monkeypatch.setenv("CCACHE_BASEDIR", "/mine")
    assert "CCACHE_BASEDIR" not in compile_cache.of(config(compile_cache="ccache"), tmp_path).environment


def test_the_presets_carry_it_to_a_plain_cmake(tmp_path: Path) -> None:
    cache = compile_cache.Launcher(
        variables={"CMAKE_CXX_COMPILER_LAUNCHER": "/bin/ccache"}, environment={"CCACHE_DIR": "/c"}
    )
    user_presets.write(tmp_path, libtorch(), TOOLS, {}, cache)
    document = json.loads((tmp_path / user_presets.FILE_NAME).read_text(encoding="utf-8"))
    for preset in document["configurePresets"]:
        assert preset["cacheVariables"]["CMAKE_CXX_COMPILER_LAUNCHER"] == "/bin/ccache"
        assert preset["environment"] == {"CCACHE_DIR": "/c"}


@pytest.mark.usefixtures("programs")
def test_sccache_without_a_setting_is_the_machines_own(tmp_path: Path) -> None:
    assert compile_cache.of(config(compile_cache="sccache"), tmp_path).environment == {}


@pytest.mark.usefixtures("programs")
def test_a_server_that_was_named_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCCACHE_SERVER_UDS", "/run/mine")
    asked = {REDIS: "redis://10.0.0.1"}
    found = compile_cache.of(config(compile_cache="sccache", compile_cache_environment=asked), tmp_path)
    assert found.environment == asked


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
