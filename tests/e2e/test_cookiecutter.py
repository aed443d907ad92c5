"""The template's second caller: plain cookiecutter."""

from __future__ import annotations

import filecmp
import sys
from typing import TYPE_CHECKING

from .conftest import REPOSITORY, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Ended, Tsgen

TEMPLATE = REPOSITORY / "templates/cpp"
ANSWERS = {
    "project_slug": "plain-app",
    "model": 'net "ü".py:Net',
    "model_args": "n=4;m=[1, 2]",
    "inputs": "x=Nx4:float32;mask=N:bool",
    "seed": "3",
}


def cookiecutter(parent: Path, answers: dict[str, str], *options: str, python: Path | None = None) -> Ended:
    words = [f"{key}={value}" for key, value in answers.items()]
    env = {"HOME": str(parent), **({"TSGEN_PYTHON": str(python)} if python else {})}
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--output-dir", parent, *options]
    return run(*command, TEMPLATE.parents[1], "--directory", "templates/cpp", *words, env=env)


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_both_callers_give_byte_identical_trees(tsgen: Tsgen, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    theirs.mkdir()
    options = ["--model", ours / "plain-app" / ANSWERS["model"], "--seed", "3", "--no-build", "--output", ours]
    inputs = [word for item in ANSWERS["inputs"].split(";") for word in ("--input", item)]
    arguments = [word for item in ANSWERS["model_args"].split(";") for word in ("--model-arg", item)]
    ended = tsgen("new", "plain-app", *options, *inputs, *arguments)
    assert ended.status == 0, ended.stderr
    ended = cookiecutter(theirs, ANSWERS, "--accept-hooks", "no")
    assert ended.status == 0, ended.stderr
    names = files(ours / "plain-app")
    assert names == files(theirs / "plain-app")
    _, different, unreadable = filecmp.cmpfiles(ours / "plain-app", theirs / "plain-app", names, shallow=False)
    assert not different
    assert not unreadable


def test_the_hook_carries_on_to_the_proof(tmp_path: Path, model_python: Path) -> None:
    answers = {"project_slug": "hooked", "model": "squeezenet1_1"}
    ended = cookiecutter(tmp_path, answers, "--accept-hooks", "yes", python=model_python)
    assert ended.status == 0, ended.stdout + ended.stderr
    assert "C++ = Python, bit for bit" in ended.stdout
    assert run(tmp_path / "hooked/build/release/hooked-runner", "--verify").status == 0


def test_a_failing_build_keeps_the_project_and_says_how_to_go_on(tmp_path: Path, model_python: Path) -> None:
    answers = {"project_slug": "kept", "model": "resnet81"}
    ended = cookiecutter(tmp_path, answers, "--accept-hooks", "yes", python=model_python)
    assert ended.status == 0
    assert "did you mean 'resnet18'" in ended.stderr
    assert "cd kept && tsgen build" in ended.stdout
    assert (tmp_path / "kept/CMakeLists.txt").is_file()


def test_a_bad_name_leaves_nothing(tmp_path: Path) -> None:
    ended = cookiecutter(tmp_path, {"project_slug": "../escaped"}, "--accept-hooks", "yes")
    assert ended.status != 0
    assert "escaped" in ended.stderr
    assert not list(tmp_path.parent.glob("escaped*"))
