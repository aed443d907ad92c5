"""The vendored library is compiled once, whatever project has it: by counts of ccache, with a stand-in LibTorch."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain
from tsgen.build import cache_report
from tsgen.project import user_presets
from tsgen.toolchain import compile_cache

from .caching import CONFIG, isolate, libtorch_at, needs, ran
from .conftest import TEMPLATE, VENDORED

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = ("core/all.cpp", "runner/all.cpp")


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    isolate(monkeypatch, tmp_path)


def test_a_second_project_takes_every_file_of_the_library_from_the_cache(tmp_path: Path, torch_root: Path) -> None:
    """Another name in another folder, at another depth; the file that needs LibTorch's headers is left to e2e."""
    needs("ccache")
    first = compiled(tmp_path / "first", torch_root, "first")
    second = compiled(tmp_path / "deeper/in/a b", torch_root, "second")
    assert first == {name: ["cache_miss"] for name in LIBRARY}
    assert second == {name: ["direct_cache_hit"] for name in LIBRARY}


def compiled(root: Path, torch_root: Path, name: str) -> dict[str, list[str]]:
    """What ccache says of each file of the vendored library in a project at `root`, which has it and nothing else."""
    shutil.copytree(VENDORED, root / "third_party/tsgen")
    lines = (f"project({name} LANGUAGES CXX)", "add_subdirectory(third_party/tsgen)")
    (root / "CMakeLists.txt").write_text("\n".join(("cmake_minimum_required(VERSION 3.21)", *lines)), encoding="utf-8")
    shutil.copy(TEMPLATE / "CMakePresets.json", root)
    cache = compile_cache.of(CONFIG, root)
    user_presets.write(root, libtorch_at(torch_root), toolchain.find(), {}, cache)
    ran("cmake", "--preset", "local-release", cwd=root)
    targets = ("--target", "tsgen-core", "tsgen-runner")
    with cache_report.counting(root / "build/release", *user_presets.read_launcher(root)) as environment:
        ran("cmake", "--build", "--preset", "local-release", *targets, cwd=root, env=environment)
    log = (root / "build/release" / cache_report.LOG).read_text(encoding="utf-8")
    parts = {text.splitlines()[0]: text.splitlines()[1:] for text in log.split("# ")[1:]}
    told = {"cache_miss", "direct_cache_hit", "preprocessed_cache_hit"}
    return {
        name: [word for file, words in parts.items() if file.endswith(name) for word in words if word in told]
        for name in LIBRARY
    }
