"""third_party/tsgen as it lies in the template: one licence, one version, nothing of a project's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tsgen import __version__
from tsgen.render import templates

VENDORED = Path(templates.template_dir()) / "cpp/{{cookiecutter.project_slug}}/third_party/tsgen"
FILES = sorted(path for path in VENDORED.rglob("*") if path.is_file())
UNITS = sorted(VENDORED.rglob("all.cpp"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(VENDORED).as_posix())
def test_each_file_names_its_licence_and_no_project(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name != "VERSION":
        assert "SPDX-License-Identifier: 0BSD" in text.partition("\n")[0]
    assert "{{" not in text
    assert "cookiecutter" not in text


def test_it_has_the_version_of_its_tsgen() -> None:
    header = (VENDORED / "include/tsgen/version.hpp").read_text(encoding="utf-8")
    assert (VENDORED / "VERSION").read_text(encoding="utf-8") == f"{__version__}\n"
    assert f'#define TSGEN_VERSION "{__version__}"' in header
    assert f"#define TSGEN_ABI v{__version__.replace('.', '_')}\n" in header


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.parent.name)
def test_a_unit_gathers_every_file_of_its_folder(unit: Path) -> None:
    included = re.findall(r'^#include "(.*\.cpp)"$', unit.read_text(encoding="utf-8"), re.MULTILINE)
    source = VENDORED / "src"
    there = {path.relative_to(source).as_posix() for path in unit.parent.rglob("*.cpp")} - {
        unit.relative_to(source).as_posix(),
        "runner/main.cpp",  # compiled for each project: it has two names of the project's
    }
    assert len(UNITS) == 4
    assert set(included) == there
    assert len(included) == len(set(included))


def test_everything_is_in_the_namespace_of_the_version() -> None:
    """What is outside could be taken for the same thing of another version by the linker."""
    for path in [*VENDORED.rglob("*.hpp"), *VENDORED.rglob("*.cpp")]:
        text = path.read_text(encoding="utf-8")
        assert text.count("namespace tsgen {\n") == text.count("inline namespace TSGEN_ABI {\n"), path
