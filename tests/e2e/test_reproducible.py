"""The same model, seed and torch give the same bytes: an export that changed nothing changes no committed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY
from .test_examples import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

MODELS: dict[str, tuple[object, tuple[str, ...]]] = {
    name: (REPOSITORY / "examples" / spec, ()) for name, (spec, _) in EXAMPLES.items()
}
MODELS["torchvision"] = ("squeezenet1_1", ("--input", "Nx3x64x64", "--seed", "3"))


@pytest.mark.parametrize("name", MODELS)
def test_an_export_made_twice_has_the_same_bytes(name: str, tsgen: Tsgen, tmp_path: Path) -> None:
    model, options = MODELS[name]
    made = []
    for number in ("1", "2"):
        folder = tmp_path / ("deeper/" * int(number)) / "model"
        ended = tsgen("export", model, *options, "-o", folder, cwd=REPOSITORY, env={"PYTHONHASHSEED": number})
        assert ended.status == 0, ended.stderr
        made.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    first, second = made
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) > 4
