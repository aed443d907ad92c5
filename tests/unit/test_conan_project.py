"""The generated conanfile.py, and the presets that tsgen and Conan both write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import lock, presets
from tsgen.toolchain import Tool, Toolchain

from .make import libtorch
from .test_conan import TEMPLATES, WHEEL, load

if TYPE_CHECKING:
    from types import ModuleType


TOOLS = Toolchain(cmake=Tool(path=Path("cmake"), version="3.28"), ninja=Tool(path=Path("ninja"), version="1.13"))


class TestGeneratedProject:
    @pytest.fixture
    def recipe(self) -> ModuleType:
        return load(TEMPLATES / "cpp/{{cookiecutter.project_slug}}/conanfile.py")

    def test_it_reads_what_tsgen_locks(self, recipe: ModuleType, tmp_path: Path) -> None:
        mac = libtorch(platform="macos-arm64", cxx11_abi=False)
        lock.write(tmp_path, {"sha256": "cd"}, [libtorch(sources=(WHEEL, WHEEL)).pin, mac.pin])
        assert recipe._rows(tmp_path / "tsgen.lock") == [
            {
                "platform": "linux-x86_64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": "true",
                "origin": "installed",
                "sha256": [WHEEL.sha256, WHEEL.sha256],
            },
            {
                "platform": "macos-arm64",
                "build_type": "release",
                "version": "2.14.1+cpu",
                "accelerator": "cpu",
                "cxx11_abi": "false",
                "origin": "installed",
                "sha256": [],
            },
        ]

    def test_without_a_lock_the_way_is_told(self, recipe: ModuleType, tmp_path: Path) -> None:
        with pytest.raises(recipe.ConanException, match=r"no tsgen\.lock yet.*Run `tsgen build`"):
            recipe._rows(tmp_path / "tsgen.lock")

    @pytest.mark.parametrize(
        ("sha256", "sources"), [([], []), (["ab"], []), ([], [{"sha256": "ab"}]), (["ab"], [{"sha256": "ab"}])]
    )
    def test_the_locked_bytes_are_taken(self, recipe: ModuleType, sha256: list[str], sources: list[Any]) -> None:
        row = {"version": "2.14.1", "sha256": sha256}
        recipe._require_exact(row, {"version": "2.14.1", "sources": sources})

    @pytest.mark.parametrize("came", [{"sources": [{"sha256": "cd"}]}, {"version": "2.14.1+cpu"}])
    def test_other_bytes_are_refused(self, recipe: ModuleType, came: dict[str, Any]) -> None:
        row = {"version": "2.14.1", "sha256": ["ab"]}
        with pytest.raises(recipe.ConanException, match=r"tsgen\.lock names the LibTorch of .*, but Conan has"):
            recipe._require_exact(row, {"version": "2.14.1", "sources": [], **came})


class TestPresets:
    """What `conan install` does to CMakeUserPresets.json is tried with Conan itself in tests/e2e."""

    @pytest.fixture
    def document(self, tmp_path: Path) -> dict[str, Any]:
        """As Conan leaves it after tsgen: the same, indented by four, with its own presets included."""
        presets.write(tmp_path, libtorch(), TOOLS, {})
        path = tmp_path / presets.FILE_NAME
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        document["include"] = ["build/conan/CMakePresets.json"]
        path.write_text(json.dumps(document, indent=4), encoding="utf-8")
        (tmp_path / "build/conan").mkdir(parents=True)
        (tmp_path / "build/conan/CMakePresets.json").write_text("{}", encoding="utf-8")
        return document

    def read(self, tmp_path: Path) -> dict[str, Any]:
        return dict(json.loads((tmp_path / presets.FILE_NAME).read_text(encoding="utf-8")))

    def test_conan_may_add_its_own(self, tmp_path: Path) -> None:
        presets.write(tmp_path, libtorch(), TOOLS, {})
        assert "conan" in self.read(tmp_path)["vendor"]

    def test_what_conan_added_stays(self, tmp_path: Path, document: dict[str, Any]) -> None:
        before = (tmp_path / presets.FILE_NAME).read_bytes()
        presets.write(tmp_path, libtorch(), TOOLS, {})
        assert (tmp_path / presets.FILE_NAME).read_bytes() == before
        presets.write(tmp_path, libtorch(), TOOLS, {"python": "python3"})
        assert self.read(tmp_path)["include"] == document["include"]

    def test_what_is_gone_is_not_included(self, tmp_path: Path, document: dict[str, Any]) -> None:
        (tmp_path / document["include"][0]).unlink()
        presets.write(tmp_path, libtorch(), TOOLS, {})
        assert self.read(tmp_path)["include"] == []
