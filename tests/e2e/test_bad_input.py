"""What a hurried user gets wrong: one exit code, one message, one hint, and nothing half-made."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Made, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Ended, Tsgen

NET = """
import torch

class Net(torch.nn.Module):
    def forward(self, x):
        return x * 2

def raises():
    raise ValueError("the user's own mistake")

def needs(n):
    return Net()

class Unfaithful(torch.nn.Module):
    def forward(self, x):
        import random
        return x + len([c for c in str(float(x.sum())) if c == "-"])
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(NET, encoding="utf-8")
    return tmp_path


def refused(ended: Ended, status: int, *words: str, parent: Path) -> None:
    """One message and one hint on stderr, and only the file that was there before."""
    assert ended.status == status, ended.stdout + ended.stderr
    assert ended.stderr.count("error: ") == 1
    assert ended.stderr.count("hint: ") == 1
    assert "Traceback" not in ended.stderr
    for word in words:
        assert word in ended.stderr
    assert sorted(os.listdir(parent)) == ["net.py"]  # noqa: PTH208 - hidden ones too


@pytest.mark.parametrize("name", ["a/b", "..", "../x", "class", "test", "all", "install", "müde", "1st", "-x", ""])
def test_a_bad_project_name(name: str, place: Path, tsgen: Tsgen) -> None:
    ended = tsgen("new", "--model", "resnet18", "--output", place, "--", name)
    refused(ended, 2, "cannot be a project's name", parent=place)


@pytest.mark.parametrize(
    ("model", "options", "status", "words"),
    [
        ("resnet81", (), 2, ("did you mean 'resnet18'",)),
        ("net.py", (), 2, ("factory",)),
        ("net.py:Nett", ("--input", "4"), 2, ("Net",)),
        ("net.py:raises", ("--input", "4"), 4, ("the user's own mistake", "net.py")),
        ("net.py:needs", ("--input", "4"), 2, ("--model-arg",)),
        ("net.py:Net", (), 2, ("--input",)),
        ("net.py:Net", ("--input", "y=4"), 2, ("y", "x")),
        ("net.py:Net", ("--input", "4:float31"), 2, ("float31",)),
        ("net.py:Unfaithful", ("--input", "4"), 4, ("net.py",)),
        ("absent.py:Net", ("--input", "4"), 2, ("absent.py",)),
        ("no_such_module:Net", ("--input", "4"), 2, ("no_such_module",)),
        ("resnet18", ("--weights", "absent.pt"), 2, ("absent.pt",)),
        ("resnet18", ("--libtorch", "./net.py"), 3, ("net.py",)),
        ("resnet18", ("--libtorch", "instaled"), 2, ("installed",)),
    ],
)
def test_a_bad_model(
    model: str, options: tuple[str, ...], status: int, words: tuple[str, ...], place: Path, tsgen: Tsgen
) -> None:
    ended = tsgen("new", "app", "--model", model, *options, cwd=place)
    refused(ended, status, *words, parent=place)


def _spoil(model: Path, how: str) -> Path:
    data = model.read_bytes()
    spoilt = {"empty": b"", "truncated": data[: len(data) // 2], "foreign": b"not a model at all"}
    path = model.with_name("spoilt.pt")
    if how in spoilt:
        path.write_bytes(spoilt[how])
    return path


@pytest.mark.parametrize("how", ["empty", "truncated", "foreign", "missing"])
def test_a_spoilt_model_file(how: str, artifact: Path, place: Path, tsgen: Tsgen, resnet: Made) -> None:
    path = _spoil(artifact / "model.pt", how)
    ended = tsgen("new", "app", "--model", path, "--input", "Nx3x224x224", "--output", place / "in")
    assert ended.status in {2, 4}
    assert ended.stderr.count("hint: ") == 1
    assert path.name in ended.stderr
    assert not list((place / "in").iterdir())
    ran = run(resnet.runner, path)
    assert ran.status == 2
    assert (ran.stderr.count("error: "), ran.stderr.count("hint: ")) == (1, 1)
    ran = run(resnet.program, path)
    assert ran.status == 1
    assert ran.stderr.startswith("myapp: error: ")


def test_an_existing_folder_is_kept(place: Path, tsgen: Tsgen) -> None:
    mine = place / "app" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("keep me", encoding="utf-8")
    ended = tsgen("new", "app", "--model", "resnet18", "--output", place)
    assert ended.status == 2
    assert "--force" in ended.stderr
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]
    ended = tsgen("new", "app", "--model", "resnet18", "--output", place, "--force", "--no-build")
    assert ended.status == 0
    assert mine.read_text(encoding="utf-8") == "keep me"
    assert (mine.parent / "CMakeLists.txt").is_file()


def test_no_torch(place: Path) -> None:
    """An interpreter without torch, named by the user: no such LibTorch."""
    run(sys.executable, "-m", "venv", "--without-pip", place / "bare")
    env = {"TSGEN_PYTHON": str(place / "bare/bin/python")}
    ended = run(sys.executable, "-m", "tsgen", "new", "app", "--model", "resnet18", "--output", place, env=env)
    shutil.rmtree(place / "bare")
    refused(ended, 3, "torch", parent=place)


def test_no_compiler(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(resnet.root, tmp_path / "copy", ignore=shutil.ignore_patterns("build")))
    ended = tsgen("build", copy, env={"PATH": str(tmp_path / "empty")})
    assert ended.status == 6
    assert "no C++ compiler" in ended.stderr
    assert "apt-get install g++" in ended.stderr


def test_cmake_and_ninja_come_from_their_wheels(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    """On a machine that has a compiler and neither of them."""
    only = tmp_path / "bin"
    only.mkdir()
    for name in ("c++", "g++", "ld", "as", "ar", "ranlib"):
        if found := shutil.which(name):
            (only / name).symlink_to(found)
    copy = Path(shutil.copytree(resnet.root, tmp_path / "copy", ignore=shutil.ignore_patterns("build")))
    ended = tsgen("build", copy, "--json", env={"PATH": str(only)})
    assert ended.status == 0, ended.stderr
    assert ended.document["parity"]["passed"]


def test_a_compile_error_shows_the_first_and_names_the_log(resnet: Made, tsgen: Tsgen) -> None:
    source = resnet.root / "src/main.cpp"
    before = source.read_text(encoding="utf-8")
    try:
        source.write_text(before + "\nint broken = nonsense;\nint more = rubbish;\n", encoding="utf-8")
        ended = tsgen("build", resnet.root)
    finally:
        source.write_text(before, encoding="utf-8")
        assert tsgen("build", resnet.root).status == 0
    assert ended.status == 7
    assert "nonsense" in ended.stderr
    assert "rubbish" not in ended.stderr
    assert "build/release/tsgen-build.log" in ended.stderr


def test_not_a_project(tmp_path: Path, tsgen: Tsgen) -> None:
    ended = tsgen("build", tmp_path)
    assert ended.status == 2
    assert "tsgen new" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_an_output_that_does_not_depend_on_the_input_is_not_proven(place: Path, tsgen: Tsgen) -> None:
    constant = "import torch\n\nclass Dead(torch.nn.Module):\n    def forward(self, x):\n        return x * 0.0\n"
    (place / "dead.py").write_text(constant, encoding="utf-8")
    ended = tsgen("new", "dead", "--model", place / "dead.py:Dead", "--input", "Nx4", "--output", place, "--json")
    assert ended.status == 8
    assert ended.document["error"]["code"] == 8
    assert ended.document["error"]["message"].startswith("not proven: the output does not depend on the input")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_an_output_folder_that_cannot_be_written(tsgen: Tsgen) -> None:
    ended = tsgen("new", "app", "--model", "resnet18", "--output", "/proc/nowhere")
    assert ended.status == 5
    assert "cannot write to /proc/nowhere" in ended.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes: room for the project, not for the model."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk).status != 0:
        pytest.skip("file systems cannot be mounted here")
    yield disk
    run("umount", disk)


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount here")
def test_a_full_disk(small_disk: Path, tsgen: Tsgen) -> None:
    ended = tsgen("new", "app", "--model", "squeezenet1_1", "--output", small_disk)
    assert ended.status == 4
    assert "No space left" in ended.stderr
    assert not list(small_disk.iterdir())
