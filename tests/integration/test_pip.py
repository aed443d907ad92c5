"""The real pip against an index of small wheels in a folder, or against one that is not there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.unit.wheels import sha256, write_wheel
from tsgen.errors import UnsafeError
from tsgen.libtorch.wheels import pip

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration

TAG = "manylinux_2_28_x86_64"
REQUIRES = 'nvidia-cudnn-cu13==9.24.0.43; platform_system == "Linux"'


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))


class Index:
    """A folder in the layout of package indexes, with the hashes in the links."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "torch"

    def add(self, file: str, *, contents: dict[str, bytes] | None = None) -> Path:
        made = write_wheel(self.folder, file, contents, requires=[REQUIRES])
        links = {path.name: sha256(path) for path in self.folder.glob("*.whl")}
        lines = [f'<a href="{name.replace("+", "%2B")}#sha256={digest}">{name}</a>' for name, digest in links.items()]
        (self.folder / "index.html").write_text("\n".join(["<!DOCTYPE html><html><body>", *lines, "</body></html>"]))
        return made


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri())
    made = Index(tmp_path / "simple")
    made.add(f"torch-2.13.0-cp311-cp311-{TAG}.whl", contents={"setup.py": b"raise SystemExit('this must never run')"})
    made.add(f"torch-2.13.0+cpu-cp311-cp311-{TAG}.whl")
    made.add("torch-2.13.0-cp314-cp314-win_amd64.whl")
    return made


def test_the_index_tells_file_hash_and_requirements(index: Index) -> None:
    (found,) = pip.report(["torch===2.13.0"], [TAG], "3.11")
    assert found.file == f"torch-2.13.0-cp311-cp311-{TAG}.whl"
    assert found.sha256 == sha256(index.folder / found.file)
    assert [requirement.replace("'", '"') for requirement in found.requires] == [REQUIRES]


def test_a_wheel_comes_with_the_hash_that_was_asked_for(index: Index, tmp_path: Path) -> None:
    expected = sha256(index.folder / f"torch-2.13.0+cpu-cp311-cp311-{TAG}.whl")
    got = pip.download("torch==2.13.0+cpu", expected, tmp_path / "down", [TAG], "3.11")
    assert sha256(got) == expected


@pytest.mark.usefixtures("index")
def test_another_hash_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeError, match=f"expected sha256 {'0' * 64}, got"):
        pip.download("torch==2.13.0+cpu", "0" * 64, tmp_path / "down", [TAG], "3.11")


def test_a_file_that_was_put_in_its_place_is_refused(index: Index, tmp_path: Path) -> None:
    """The index still tells the old hash."""
    file = index.folder / f"torch-2.13.0-cp311-cp311-{TAG}.whl"
    expected = sha256(file)
    write_wheel(index.folder, file.name, {"evil.so": b""})
    with pytest.raises(UnsafeError):
        pip.download("torch===2.13.0", expected, tmp_path / "down", [TAG], "3.11")


@pytest.mark.usefixtures("index")
def test_the_pythons_of_this_platform_that_have_it_are_known() -> None:
    with pytest.raises(pip.NoSuchWheelError) as caught:
        pip.report(["torch===2.13.0"], [TAG], "3.12")
    assert caught.value.pythons == ("3.11",)


@pytest.mark.usefixtures("index")
def test_a_constraint_of_the_user_holds_and_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "constraints.txt").write_text("torch<=2.12\n")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "constraints.txt"))
    with pytest.raises(pip.PipError, match=r"constraint says torch<=2\.12"):
        pip.report(["torch===2.13.0"], [TAG], "3.11")


@pytest.mark.usefixtures("index")
def test_a_constraint_that_allows_it_is_no_obstacle_to_a_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "constraints.txt").write_text("torch<=2.13.0\n")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "constraints.txt"))
    expected = pip.report(["torch===2.13.0"], [TAG], "3.11")[0].sha256
    assert pip.download("torch==2.13.0", expected, tmp_path / "down", [TAG], "3.11").is_file()


def test_what_a_user_set_for_installing_does_not_matter(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_REQUIRE_VIRTUALENV", "PIP_REQUIRE_HASHES", "PIP_USER", "PIP_QUIET"):
        monkeypatch.setenv(name, "1")
    assert index.folder.is_dir()
    assert pip.report(["torch===2.13.0"], [TAG], "3.11")[0].version == "2.13.0"


def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(pip.UnreachableError, match=r"127\.0\.0\.1: .*refused"):
        pip.report(["torch===2.13.0"], [TAG], "3.11")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot be told")
@pytest.mark.usefixtures("index")
def test_a_folder_of_that_name_where_the_user_is_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip/__init__.py").touch()
    (tmp_path / "pip/__main__.py").write_text("from pathlib import Path\nPath('ran').touch()\n")
    monkeypatch.chdir(tmp_path)
    pip.report(["torch===2.13.0"], [TAG], "3.11")
    assert not (tmp_path / "ran").exists()
