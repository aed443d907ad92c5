"""What `pip install tsgen-cpp` brings."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.build import build_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
TEMPLATES = "tsgen/_templates/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return folder / build_wheel(str(folder))


@pytest.fixture(scope="module")
def wheel(built: Path) -> Mapping[str, bytes]:
    """Every file of the wheel, by its place in it."""
    with zipfile.ZipFile(built) as archive:
        return {item: archive.read(item) for item in archive.namelist()}


def source_files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_it_has_exactly_the_templates_of_the_repository(wheel: Mapping[str, bytes]) -> None:
    shipped = {name.removeprefix(TEMPLATES): content for name, content in wheel.items() if name.startswith(TEMPLATES)}
    assert shipped == source_files(ROOT / "templates")


@pytest.mark.parametrize(
    "name",
    [
        "cpp/cookiecutter.json",
        "cpp/hooks/pre_gen_project.py",
        "cpp/hooks/post_gen_project.py",
        "cpp/{{cookiecutter.project_slug}}/.gitignore",
        "cpp/{{cookiecutter.project_slug}}/.gitattributes",
        "cpp/{{cookiecutter.project_slug}}/.clang-format",
        "cpp/{{cookiecutter.project_slug}}/tsgen.toml",
        "cpp/{{cookiecutter.project_slug}}/third_party/tsgen/LICENSE",
        "api/model.hpp.j2",
        "add/ci/github/.github/workflows/ci.yml",
        "add/ci/gitlab/.gitlab-ci.yml",
        "add/devcontainer/.devcontainer/devcontainer.json",
    ],
)
def test_it_has_the_files_that_are_easily_lost(wheel: Mapping[str, bytes], name: str) -> None:
    assert TEMPLATES + name in wheel


def test_it_has_the_whole_package(wheel: Mapping[str, bytes]) -> None:
    package = source_files(ROOT / "generator" / "tsgen")
    shipped = {
        name.removeprefix("tsgen/") for name in wheel if name.startswith("tsgen/") and not name.startswith(TEMPLATES)
    }
    assert shipped == set(package)
    assert {"py.typed", "worker/__main__.py"} <= shipped


def test_it_has_nothing_else(wheel: Mapping[str, bytes]) -> None:
    tops = {name.partition("/")[0].partition("-")[0] for name in wheel}
    assert tops == {"tsgen", "tsgen_cpp"}
    assert not any("__pycache__" in name or name.startswith("tests/") for name in wheel)


def test_it_installs_the_command_for_every_python_it_promises(wheel: Mapping[str, bytes]) -> None:
    about = {Path(name).name: content.decode() for name, content in wheel.items() if ".dist-info/" in name}
    assert "tsgen = tsgen.cli:main" in about["entry_points.txt"]
    assert "Requires-Python: >=3.10" in about["METADATA"]
    assert "Root-Is-Purelib: true" in about["WHEEL"]
    assert "LICENSE" in about


def test_it_does_not_need_torch(wheel: Mapping[str, bytes]) -> None:
    metadata = next(content.decode() for name, content in wheel.items() if name.endswith("/METADATA"))
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert needed
    assert not any("torch" in line for line in needed)


def installed(wheel: Path, folder: Path) -> Path:
    """The Python of a new environment that pip put the wheel into; what tsgen depends on is lent to it."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--compile"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, env=environment())
    (site,) = folder.rglob("site-packages")
    (site / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return python


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "TSGEN_"))}
    return kept | changes


def rendered(python: Path | str, folder: Path, env: Mapping[str, str]) -> dict[str, tuple[bytes, int]]:
    """Each file of a new project, with its mode; the name of each folder."""
    folder.mkdir()
    words = ["-m", "tsgen", "new", "myapp", "--model", "resnet18", "--no-build", "--output", str(folder)]
    subprocess.run([str(python), *words], check=True, capture_output=True, env=env, cwd=folder)
    paths = sorted((folder / "myapp").rglob("*"))
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes() if path.is_file() else b"", path.stat().st_mode)
        for path in paths
    }


def test_what_is_installed_renders_what_the_clone_renders(built: Path, tmp_path: Path) -> None:
    """What pip installs it compiles, the Python files of the templates too."""
    python = installed(built, tmp_path / "environment")
    templates = next((tmp_path / "environment").rglob("_templates"))
    assert list((templates / "conan").rglob("*.pyc")), "pip compiled the templates, or this test shows nothing"
    theirs = rendered(python, tmp_path / "installed", environment())
    ours = rendered(sys.executable, tmp_path / "clone", environment(PYTHONPATH=str(ROOT / "generator")))
    assert theirs.keys() == ours.keys()
    assert [name for name in ours if theirs[name] != ours[name]] == []
