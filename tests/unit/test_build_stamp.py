"""What the environment says of the compiler belongs to a build folder; CMake alone keeps the first word."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError
from tsgen.system import process, stat_cache
from tsgen.toolchain import compiler

from .test_build import Site

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")

CONFIGURE = "--preset local-release"


@pytest.fixture
def site(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Built once by the first g++, nothing being said in the environment."""
    shell(tmp_path / "bin/c++", "echo 'g++ 12.2.0'")
    for name in ("CXX", "CXXFLAGS", "CUDACXX", "LDFLAGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    site = Site(tmp_path / "app", shell)
    site.compile()
    site.calls()
    # What CMake has found out, and keeps.
    (site.root / "build/release/CMakeFiles/3.28.3").mkdir(parents=True)
    (site.root / "build/release/old.o").touch()
    return site


def configured(site: Site) -> bool:
    site.compile()
    return CONFIGURE in site.calls()


def forgotten(site: Site) -> bool:
    return not (site.root / "build/release/CMakeFiles/3.28.3").exists()


def objects_stay(site: Site) -> bool:
    return (site.root / "build/release/old.o").exists()


def test_the_same_environment_configures_once(site: Site) -> None:
    assert not configured(site)
    assert not forgotten(site)


@pytest.mark.parametrize("name", ["CXXFLAGS", "CUDACXX", "LDFLAGS", "MACOSX_DEPLOYMENT_TARGET"])
def test_another_word_for_the_compiler_and_none_again_each_configure_anew(
    site: Site, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "-O1")
    assert configured(site)
    assert forgotten(site)
    assert objects_stay(site)
    assert not configured(site)
    monkeypatch.delenv(name)
    assert configured(site)


def test_another_compiler_and_none_named_again_start_over(
    site: Site, tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", str(shell(tmp_path / "clang++", "echo 'clang 14'")))
    assert configured(site)
    assert not objects_stay(site)
    monkeypatch.delenv("CXX")
    assert configured(site)
    assert not configured(site)


def test_a_newer_version_of_the_same_compiler_starts_over(site: Site, tmp_path: Path, shell: Script) -> None:
    shell(tmp_path / "bin/c++", "echo 'g++ 14.2.0'")
    assert configured(site)
    assert not objects_stay(site)


def test_what_was_interrupted_while_it_configured_is_not_trusted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache may hold the compiler that was named then, beside an older build.ninja."""

    def interrupted(*_: object, **__: object) -> None:
        cache.write_text(f"CMAKE_HOME_DIRECTORY:INTERNAL={site.root}\n", encoding="utf-8")
        raise KeyboardInterrupt

    cache = site.root / "build/release/CMakeCache.txt"

    with monkeypatch.context() as patch:
        patch.setenv("CXXFLAGS", "-O1")
        patch.setattr("tsgen.build.cmake.run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            site.compile()
    assert configured(site)


def test_flags_that_failed_are_gone_when_they_are_unset(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.root / "fail--preset").touch()
    monkeypatch.setenv("CXXFLAGS", "-bogus")
    with pytest.raises(BuildError, match="did not configure"):
        site.compile()
    site.calls()
    (site.root / "fail--preset").unlink()
    monkeypatch.delenv("CXXFLAGS")
    assert configured(site)
    assert objects_stay(site)


class Asked:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self, *_: object, **__: object) -> process.Finished:
        self.times += 1
        return process.Finished(status=0, stdout="g++ 12\nmore\n", stderr="")


@pytest.mark.parametrize(("content", "times"), [(b"\x7fELF", 1), (b"#!/bin/sh\n", 2)])
def test_a_compiler_is_asked_once_and_a_script_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, times: int
) -> None:
    """What a script starts may be another compiler tomorrow."""
    program, asked = tmp_path / "g++", Asked()
    program.write_bytes(content)
    program.chmod(0o755)
    monkeypatch.setenv("CXX", str(program))
    monkeypatch.setattr(stat_cache, "RACY_NS", 0)
    monkeypatch.setattr(process, "run", asked)
    (tmp_path / "build").mkdir()
    said = []
    for _ in range(2):
        with stat_cache.of(tmp_path):
            said.append(compiler.version())
    assert said == [f"{program}\ng++ 12\n"] * 2
    assert asked.times == times
