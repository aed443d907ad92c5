"""What a build costs that has nothing to do, and an export: counts that no machine's speed changes."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.system import stat_cache

from .conftest import run

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL = """
    import torch


    def build():
        return torch.nn.Linear(3, 2)


    def example_inputs():
        return torch.ones(2, 3)
    """
# Python itself tells of each file that is opened and each program that is started (PEP 578).
WATCHED = """
    import json, os, sys

    known, seen = set(sys.modules), {"started": [], "written": [], "read": []}


    def hook(event, arguments):
        if event == "subprocess.Popen":
            seen["started"].append(os.path.basename(os.fspath(arguments[1][0])))
        elif event == "open" and isinstance(arguments[0], (str, os.PathLike)):
            mode, flags = arguments[1] or "", arguments[2] or 0
            writes = set(mode) & set("wxa+") or flags & (os.O_WRONLY | os.O_RDWR)
            seen["written" if writes else "read"].append(os.fspath(arguments[0]))


    sys.addaudithook(hook)
    try:
        from tsgen import cli

        cli.main(sys.argv[2:])
    except SystemExit as ended:
        seen["modules"] = sorted(set(sys.modules) - known)
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            json.dump(seen, file)
        raise
    """
MODULES = 280
"""It imports 254 besides what Python starts with; with lief, Jinja and the rules of the catalog it was 120 more.

Who comes near asks what a build that has nothing to do needs it for.
"""
HEAVY = {
    "lief",
    "jinja2",
    "torch",
    "numpy",
    "rich",
    "requests",
    "cookiecutter",
    "tomlkit",
    "yaml",
    "importlib.metadata",
}


class Watched:
    def __init__(self, folder: Path, python: Path) -> None:
        self._script, self._seen = folder / "watched.py", folder / "seen.json"
        self._environment = {"TSGEN_PYTHON": str(python)}
        self._script.write_text(dedent(WATCHED), encoding="utf-8")

    def __call__(self, *words: object) -> dict[str, Any]:
        ended = run(sys.executable, self._script, self._seen, *words, env=self._environment)
        assert ended.status == 0, ended.stdout + ended.stderr
        seen: dict[str, Any] = json.loads(self._seen.read_text(encoding="utf-8"))
        return seen


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, model_python: Path) -> Watched:
    return Watched(tmp_path_factory.mktemp("watched"), model_python)


@pytest.fixture(scope="module")
def new(watched: Watched, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A new project, and what was seen when it was made."""
    folder = tmp_path_factory.mktemp("nothing-to-do")
    (folder / "model.py").write_text(dedent(MODEL), encoding="utf-8")
    seen = watched("new", "myapp", "--model", f"{folder / 'model.py'}:build", "--output", folder)
    return folder / "myapp", seen


@pytest.fixture
def settled(new: tuple[Path, dict[str, Any]], watched: Watched) -> Path:
    """Its files are old enough to be known by their times, and were looked at since."""
    root, _ = new
    for _ in range(2):
        time.sleep(stat_cache.RACY_NS / 1e9)
        watched("build", root)
    return root


def named(paths: list[str], name: str) -> list[str]:
    return [path for path in paths if Path(path).name == name]


def contents(root: Path) -> Mapping[str, tuple[int, bytes]]:
    """Ninja writes .ninja_log at each of its runs."""
    found = (path for path in root.rglob("*") if path.is_file() and path.name != ".ninja_log")
    return {path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def test_an_export_reads_the_model_once(new: tuple[Path, dict[str, Any]]) -> None:
    """To hash it; whoever else wants the digest gets it told."""
    _, seen = new
    assert len(named(seen["read"], "model.pt")) == 1


def test_nothing_to_do_starts_one_program(settled: Path, watched: Watched) -> None:
    assert watched("build", settled)["started"] == ["cmake"]


def test_nothing_to_do_writes_nothing(settled: Path, watched: Watched) -> None:
    before = contents(settled)
    written = [path for path in watched("build", settled)["written"] if settled in Path(path).parents]
    assert named(written, ".tsgen.lock") == written, "only the lock, which is opened and stays empty"
    assert contents(settled) == before


def test_nothing_to_do_reads_no_file_that_it_knows(settled: Path, watched: Watched) -> None:
    read = watched("build", settled)["read"]
    assert not [path for path in read if path.endswith((".pt", ".npy", ".so", "-runner", ".j2", ".cpp", ".hpp"))]


def test_nothing_to_do_imports_little(settled: Path, watched: Watched) -> None:
    modules = watched("build", settled)["modules"]
    assert set(modules) & HEAVY == set()
    assert len(modules) <= MODULES


def test_what_changes_behind_its_back_is_seen(settled: Path, watched: Watched) -> None:
    """With the length and the time that it had."""
    model = settled / "model/model.pt"
    good, times = model.read_bytes(), model.stat()
    model.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    os.utime(model, ns=(times.st_atime_ns, times.st_mtime_ns))
    watched("build", settled)
    assert model.read_bytes() == good


@pytest.mark.parametrize("words", [["build", "--locked"], ["test"]])
def test_who_asks_for_the_truth_gets_every_byte_read(settled: Path, watched: Watched, words: list[str]) -> None:
    command, *options = words
    read = watched(command, settled, *options)["read"]
    assert named(read, "model.pt")
    assert named(read, "myapp-runner")
