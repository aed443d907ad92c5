"""What was measured is kept beside the build, and changes nothing that is committed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tsgen import pipeline
from tsgen.errors import ToolMissingError
from tsgen.model import keep_times, read_project
from tsgen.types import Case

from .make import config, contents, exported, untimed
from .test_pipeline import RESPONSE, Model, lively, model, out  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path


def test_the_times_of_python_are_kept_beside_the_build(tmp_path: Path) -> None:
    made = exported(tmp_path / "model")
    keep_times(made, tmp_path)
    assert read_project(tmp_path) == made


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"manifest": "ab", "milliseconds": {"ones": 1}}'])
def test_times_of_another_export_are_nobodys(tmp_path: Path, content: str | None) -> None:
    made = exported(tmp_path / "model")
    if content is not None:
        (tmp_path / "build").mkdir()
        (tmp_path / "build/python-times.json").write_text(content, encoding="utf-8")
    assert read_project(tmp_path) == untimed(made)


def test_a_time_that_is_no_number_is_none(tmp_path: Path) -> None:
    made = exported(tmp_path / "model")
    keep_times(replace(made, cases=(Case(name="ones", python_milliseconds=1.5), Case(name="random-1"))), tmp_path)
    assert [case.python_milliseconds for case in read_project(tmp_path).cases] == [1.5, None]


def test_another_time_changes_nothing_that_is_committed(model: Model, out: Path) -> None:  # noqa: F811
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    root = out / "myapp"
    before = committed(root)
    assert read_project(root).cases == (Case(name="ones", python_milliseconds=1.5),)
    (root / "model/manifest.json").unlink()
    model.answers({**RESPONSE, "cases": [{"name": "ones", "python_milliseconds": 99.0}]})
    with pytest.raises(ToolMissingError):
        pipeline.build(root, {"python": model.python})
    assert model.count() == 2
    assert committed(root) == before
    assert read_project(root).cases == (Case(name="ones", python_milliseconds=99.0),)


def committed(root: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(root).items() if not name.startswith("build/")}
