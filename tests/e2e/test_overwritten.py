"""Models that write into what they are given, called by C++ with values in memory that nobody can write to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import compiled, run

if TYPE_CHECKING:
    from .conftest import Made, Tsgen

MODELS = Path(__file__).parent / "projects/overwriting.py"
WAYS = ("column", "view", "out", "module", "index", "chunk", "several", "same")


class Constant:
    def __init__(self, tsgen: Tsgen, program: Path, folder: Path) -> None:
        self._tsgen, self._program, self._folder = tsgen, program, folder

    def called(self, model: str, *inputs: str) -> dict[str, Any]:
        """What its export says of it, once C++ has called each method with constant values."""
        words = [word for each in inputs for word in ("--input", each)]
        ended = self._tsgen("export", f"{MODELS}:{model}", "-o", self._folder, *words, "--json")
        assert ended.status == 0, ended.stderr
        died = run(self._program, self._folder / "model.pt")
        assert died.status == 0, f"{died.stdout}{died.stderr}"
        artifact: dict[str, Any] = ended.document["artifact"]
        return artifact


@pytest.fixture(scope="module")
def program(resnet: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(resnet, "constant.cpp", tmp_path_factory.mktemp("constant"))


@pytest.fixture
def constant(tsgen: Tsgen, program: Path, tmp_path: Path) -> Constant:
    return Constant(tsgen, program, tmp_path / "model")


def test_each_way_to_write_into_an_input_is_seen_and_the_caller_keeps_his_values(constant: Constant) -> None:
    found = constant.called("Flat", *(f"{name}=Nx4" for name in ("read", *WAYS)))
    assert sorted(found["signature"]["writes"]["inputs"]) == sorted(WAYS)


def test_a_write_that_depends_on_values(constant: Constant) -> None:
    assert constant.called("Maybe", "x=Nx4")["signature"]["writes"]["inputs"] == ["x"]


def test_a_write_of_a_method(constant: Constant) -> None:
    found = constant.called("Method", "x=Nx4")
    assert found["signature"].get("writes", {"inputs": []})["inputs"] == []
    assert found["signature"]["methods"]["scaled"]["writes"]["inputs"] == ["x"]


def test_writes_into_lists_dicts_and_tuples(constant: Constant) -> None:
    written = set(constant.called("Nested")["signature"]["writes"]["inputs"])
    assert {"named.zeroed", "pair.left", "pair.right"} <= written
    assert any(name.startswith("many.") for name in written)
