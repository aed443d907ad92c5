"""A full or read-only disk and a wrong clock are named as such, whatever CMake, Ninja and the compiler make of them."""

from __future__ import annotations

import os
import shutil
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError

from .test_build import Site

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")
DIRTY = "ninja: error: manifest 'build.ninja' still dirty after 100 tries, perhaps system time is not set\n"


@pytest.fixture
def site(tmp_path: Path, shell: Script) -> Site:
    return Site(tmp_path / "app", shell)


def failure(site: Site, output: str) -> BuildError:
    site.ninja_says(output)
    (site.root / "fail--build").touch()
    with pytest.raises(BuildError) as caught:
        site.compile()
    assert caught.value.exit_code == 7
    assert "CMake ended with status" not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("FAILED: main.o\nfatal error: error writing to /tmp/cc1.s: No space left on device\n", "no space is left on"),
        ("/usr/bin/ld: final link failed: Disk quota exceeded\n", "the disk quota is used up"),
        ("ninja: error: opening build log: Read-only file system\n", "the disk is read-only"),
    ],
)
def test_a_disk_that_takes_nothing_is_the_reason(site: Site, output: str, told: str) -> None:
    error = failure(site, output)
    assert f"did not compile: {told}" in error.message
    assert "TMPDIR" in error.hint


def test_a_disk_that_is_full_is_the_reason_though_nobody_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A linker is killed by a bus error then."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    error = failure(site, "collect2: fatal error: ld terminated with signal 7 [Bus error]\n")
    assert f"no space is left on the disk of {site.root / 'build/release'}" in error.message


def test_a_file_from_the_future_is_named(site: Site) -> None:
    later = time.time() + 10_000
    os.utime(site.root / "CMakePresets.json", (later, later))
    error = failure(site, DIRTY)
    assert f"{site.root / 'CMakePresets.json'} was changed in the future" in error.message
    assert f"touch {site.root / 'CMakePresets.json'}" in error.hint


def test_a_clock_that_nobody_can_show_is_told_too(site: Site) -> None:
    error = failure(site, DIRTY)
    assert "newer than now" in error.message
    assert "clock" in error.hint
