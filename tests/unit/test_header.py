"""include/NAME/model.hpp: rendered again when anything it is made of has changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen.render import templates as templates_of
from tsgen.render import typed_api, write_api
from tsgen.system import stat_cache

from .make import artifact, leaf, signature

if TYPE_CHECKING:
    from tsgen.types import Artifact


@pytest.fixture
def rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The projects that were rendered, in a world of old files."""
    (tmp_path / "build").mkdir()
    monkeypatch.setattr(stat_cache, "RACY_NS", 0)
    real, names = typed_api.api, list[str]()

    def api(made: Artifact, name: str) -> str:
        names.append(name)
        return real(made, name)

    monkeypatch.setattr(typed_api, "api", api)
    return names


def write(root: Path, made: Artifact | None = None, name: str = "myapp") -> str:
    with stat_cache.of(root):
        write_api(made or artifact(), name, root)
    return (root / "include" / name / "model.hpp").read_text(encoding="utf-8")


def test_a_header_that_is_up_to_date_is_not_rendered(tmp_path: Path, rendered: list[str]) -> None:
    """The second time it is still looked at: what was there before the first is not what the first wrote."""
    texts = {write(tmp_path) for _ in range(4)}
    assert len(texts) == 1
    assert len(rendered) == 2


def test_another_signature_or_name_or_header_is_rendered(tmp_path: Path, rendered: list[str]) -> None:
    good = [write(tmp_path) for _ in range(3)][-1]
    del rendered[:]
    other = artifact(signature=signature(leaf("logits", "float32", "N")))
    assert "logits" in write(tmp_path, other)
    assert write(tmp_path) == good
    assert "namespace other" in write(tmp_path, name="other")
    (tmp_path / "include/myapp/model.hpp").write_text("edited", encoding="utf-8")
    assert write(tmp_path) == good
    (tmp_path / "include/myapp/model.hpp").unlink()
    assert write(tmp_path) == good
    assert rendered == ["myapp", "myapp", "other", "myapp", "myapp"]


def test_another_template_is_rendered(
    tmp_path: Path, rendered: list[str], templates_of_few_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = Path(shutil.copytree(templates_of_few_files, tmp_path / "templates"))
    monkeypatch.setattr(templates_of, "template_dir", lambda: templates)
    for text in ("one", "one", "one", "two"):
        if text == "two" or not rendered:
            (templates / "api/model.hpp.j2").write_text(text, encoding="utf-8")
        assert write(tmp_path) == text
    assert len(rendered) == 3
