"""Which file `tsgen inspect` looks into, and with what: the worker's answer is given."""

# ruff: noqa: F811 - fixtures of another module
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .test_inspect_command import World, world  # noqa: F401, TC001

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen


def test_a_project_or_its_model_folder_stands_for_its_file(tsgen: Tsgen, world: World, tmp_path: Path) -> None:
    file = tmp_path / "project" / "model" / "model.pt"
    file.parent.mkdir(parents=True)
    file.touch()
    for place in (tmp_path / "project", file.parent, file):
        assert tsgen("inspect", str(place)) == 0
        assert world.asked["path"] == str(file)


@pytest.mark.parametrize(("files", "hint"), [((), "name the TorchScript file"), (("tsgen.toml",), "tsgen build")])
def test_a_folder_without_a_model_is_a_wrong_word(
    tsgen: Tsgen, tmp_path: Path, files: tuple[str, ...], hint: str
) -> None:
    for name in files:
        (tmp_path / name).touch()
    assert tsgen("inspect", str(tmp_path)) == 2
    assert "holds no model.pt" in tsgen.err
    assert hint in tsgen.err


def test_a_missing_file_is_a_wrong_word(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("inspect", str(tmp_path / "no.pt")) == 2
    assert "no.pt does not exist" in tsgen.err


def test_without_torch_it_says_which_python_has_none(tsgen: Tsgen, world: World) -> None:
    world.python = replace(world.python, torch=None)
    assert tsgen("inspect", str(world.file)) == 6
    assert "--python" in tsgen.err


def test_an_operator_library_is_named_from_where_the_user_stands(
    tsgen: Tsgen, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tsgen("inspect", "model.pt", "--op-library", "libops.so") == 0
    assert world.asked["op_libraries"] == [str(tmp_path / "libops.so")]
