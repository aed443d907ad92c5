"""`tsgen inspect` of a project with operators of its own: read as `tsgen build` has Python read it."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tsgen.toolchain import interpreter

from .test_inspect_command import world  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen
    from .test_inspect_command import World


@pytest.fixture
def project(world: World) -> Path:
    """A project with an operator of its own, which is compiled for two build types."""
    root = world.file.parent
    for folder in ("ops", "model", "build/release", "build/debug"):
        (root / folder).mkdir(parents=True)
    (root / "tsgen.toml").write_text('name = "my-app"\nmodel = "net.py:Net"\nbuild_type = "debug"\n', encoding="utf-8")
    for file in ("ops/scale.cpp", "model/model.pt", "build/release/libmy-app-ops.so", "build/debug/libmy-app-ops.so"):
        (root / file).touch()
    vendor = {"vendor": {"tsgen/1": {"python": "/its/python"}}}
    (root / "CMakeUserPresets.json").write_text(json.dumps(vendor), encoding="utf-8")
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="the library has another name there")
@pytest.mark.parametrize("place", [".", "model", "model/model.pt", "model.pt"])
def test_a_projects_file_is_read_with_its_own_operators_and_python(
    tsgen: Tsgen, world: World, project: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def find(*words: str | None) -> interpreter.Interpreter:
        asked.extend(words)
        return world.python

    monkeypatch.setattr(interpreter, "find", find)
    assert tsgen("inspect", str(project / place)) == 0
    assert world.asked["op_libraries"] == [str(project / "build/debug/libmy-app-ops.so")]
    assert asked == [None, "/its/python"]


@pytest.mark.skipif(sys.platform != "linux", reason="the library has another name there")
def test_operators_that_are_named_are_not_loaded_twice(tsgen: Tsgen, world: World, project: Path) -> None:
    named = str(project / "build/release/libmy-app-ops.so")
    assert tsgen("inspect", str(project), "--op-library", named) == 0
    assert world.asked["op_libraries"] == [named]


def test_operators_that_are_not_compiled_are_told(tsgen: Tsgen, world: World, project: Path) -> None:
    shutil.rmtree(project / "build")
    assert tsgen("inspect", str(project)) == 0
    assert world.asked["op_libraries"] == []
    assert f"`tsgen build {project}`" in tsgen.out
