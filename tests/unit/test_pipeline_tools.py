"""Tools that are missing, too old or do not work: found out before anything takes long."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline, toolchain
from tsgen.errors import ConfigError, ToolMissingError
from tsgen.libtorch.wheels.pip import command
from tsgen.toolchain import trial

from .make import config, contents
from .test_pipeline import Model, lively, model, no_cmake, out  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder

pytestmark = pytest.mark.usefixtures("few_files")


@pytest.mark.parametrize("missing", ["a tool", "a compiler that works"])
def test_tools_are_asked_for_before_anything_takes_long(
    model: Model, out: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder, missing: str
) -> None:
    pipeline.new(config(python=model.python), out, build_it=False)
    place = (toolchain, "find") if missing == "a tool" else (trial, "require_working")
    monkeypatch.setattr(*place, no_cmake)
    with pytest.raises(ToolMissingError):
        pipeline.build(out / "myapp", {"python": model.python})
    with pytest.raises(ToolMissingError):
        pipeline.prepare(out / "myapp", {"python": model.python})
    with pytest.raises(ToolMissingError):
        pipeline.new(config(name="other", python=model.python), out)
    assert model.count() == 0
    assert [path.name for path in out.iterdir()] == ["myapp"]
    assert recorder.all("begin") == ["Render", "Render"]


@pytest.mark.parametrize(("found", "said"), [("22.1.2", "pip 22.2 or newer is needed"), (None, "has no pip")])
def test_an_old_pip_is_told_before_the_export_that_comes_before_it_is_used(
    model: Model, out: Path, monkeypatch: pytest.MonkeyPatch, found: str | None, said: str
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: found)
    monkeypatch.setattr(command, "version", lambda _: found)
    with pytest.raises(ToolMissingError, match=said) as caught:
        pipeline.new(config(python=model.python, platforms=("linux-x86_64", "macos-arm64")), out)
    assert "pip" in caught.value.hint
    assert model.count() == 0


def test_a_place_that_cmake_misreads_leaves_no_project(model: Model, out: Path) -> None:
    with pytest.raises(ConfigError, match="CMake cannot build there"):
        pipeline.new(config(python=model.python), out / "a;b")
    assert contents(out) == {}
    assert model.count() == 0
