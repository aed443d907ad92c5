"""The generated conanfile.py, and the presets that tsgen and Conan both write."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.project import lock, user_presets
from tsgen.toolchain import Tool, Toolchain

from .make import libtorch
from .test_conan import TEMPLATES, WHEEL, load

if TYPE_CHECKING:
    from types import ModuleType


TOOLS = Toolchain(cmake=Tool(path=Path("cmake"), version="3.28"), ninja=Tool(path=Path("ninja"), version="1.13"))


class TestGeneratedProject:
    @pytest.fixture
    def recipe(self) -> ModuleType:
        return load(TEMPLATES / "add/conan/conanfile.py")

    def test_it_reads_what_tsgen_locks(self, recipe: ModuleType, tmp_path: Path) -> None:
        mac = libtorch(platform="macos-arm64", cxx11_abi=False)
        lock.write(tmp_path, {"sha256": "cd"}, [libtorch(sources=(WHEEL, WHEEL)).pin, mac.pin])
        assert recipe._rows(tmp_path / "tsgen.lock") == [
            {
                "platform": "linux-x86_64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": True,
                "origin": "installed",
                "sources": [asdict(WHEEL), asdict(WHEEL)],
            },
            {
                "platform": "macos-arm64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": False,
                "origin": "installed",
            },
        ]

    def test_without_a_lock_the_way_is_told(self, recipe: ModuleType, tmp_path: Path) -> None:
        with pytest.raises(recipe.ConanException, match=r"no tsgen\.lock yet.*Run `tsgen build`"):
            recipe._rows(tmp_path / "tsgen.lock")

    @pytest.mark.parametrize("content", ["", "<<<<<<< HEAD\n", 'template = "0.1.0"\n', "[]", "{}"])
    def test_a_damaged_or_old_lock_is_told(self, recipe: ModuleType, tmp_path: Path, content: str) -> None:
        (tmp_path / "tsgen.lock").write_text(content, encoding="utf-8")
        with pytest.raises(recipe.ConanException, match=r"is not the JSON that tsgen writes.*`tsgen build`"):
            recipe._rows(tmp_path / "tsgen.lock")

    def test_the_lock_of_another_tsgen_is_told(self, recipe: ModuleType, tmp_path: Path) -> None:
        assert recipe.LOCK_FORMAT == lock.FORMAT
        (tmp_path / "tsgen.lock").write_text('{"format": 99, "libtorch": []}', encoding="utf-8")
        with pytest.raises(
            recipe.ConanException, match=f"has the format 99, and this recipe reads format {lock.FORMAT}"
        ):
            recipe._rows(tmp_path / "tsgen.lock")

    @pytest.mark.parametrize(
        ("sha256", "sources"), [([], []), (["ab"], []), ([], [{"sha256": "ab"}]), (["ab"], [{"sha256": "ab"}])]
    )
    def test_the_locked_bytes_are_taken(self, recipe: ModuleType, sha256: list[str], sources: list[Any]) -> None:
        row = {"version": "2.14.1", "sources": [{"sha256": each} for each in sha256]}
        recipe._require_exact(row, {"version": "2.14.1", "sources": sources})

    @pytest.mark.parametrize("came", [{"sources": [{"sha256": "cd"}]}, {"version": "2.14.1+cpu"}])
    def test_other_bytes_are_refused(self, recipe: ModuleType, came: dict[str, Any]) -> None:
        row = {"version": "2.14.1", "sources": [{"sha256": "ab"}]}
        with pytest.raises(recipe.ConanException, match=r"tsgen\.lock names the LibTorch of .*, but Conan has"):
            recipe._require_exact(row, {"version": "2.14.1", "sources": [], **came})


class TestPresets:
    """What `conan install` does to CMakeUserPresets.json is tried with Conan itself in tests/e2e."""

    @pytest.fixture
    def document(self, tmp_path: Path) -> dict[str, Any]:
        """As Conan leaves it after tsgen: the same, indented by four, with its own presets included."""
        user_presets.write(tmp_path, libtorch(), TOOLS, {})
        path = tmp_path / user_presets.FILE_NAME
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        document["include"] = ["build/conan/CMakePresets.json"]
        path.write_text(json.dumps(document, indent=4), encoding="utf-8")
        (tmp_path / "build/conan").mkdir(parents=True)
        (tmp_path / "build/conan/CMakePresets.json").write_text("{}", encoding="utf-8")
        return document

    def read(self, tmp_path: Path) -> dict[str, Any]:
        return dict(json.loads((tmp_path / user_presets.FILE_NAME).read_text(encoding="utf-8")))

    def test_conan_may_add_its_own(self, tmp_path: Path) -> None:
        user_presets.write(tmp_path, libtorch(), TOOLS, {})
        assert "conan" in self.read(tmp_path)["vendor"]

    def test_what_conan_added_stays(self, tmp_path: Path, document: dict[str, Any]) -> None:
        before = (tmp_path / user_presets.FILE_NAME).read_bytes()
        user_presets.write(tmp_path, libtorch(), TOOLS, {})
        assert (tmp_path / user_presets.FILE_NAME).read_bytes() == before
        user_presets.write(tmp_path, libtorch(), TOOLS, {"python": "python3"})
        assert self.read(tmp_path)["include"] == document["include"]

    def test_what_is_gone_is_not_included(self, tmp_path: Path, document: dict[str, Any]) -> None:
        (tmp_path / document["include"][0]).unlink()
        user_presets.write(tmp_path, libtorch(), TOOLS, {})
        assert self.read(tmp_path)["include"] == []
