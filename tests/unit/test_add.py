"""`tsgen add`: what it writes into a project, and what it leaves alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tsgen.commands import add
from tsgen.commands.add import templates
from tsgen.matrix.systems import SYSTEMS

from .make import contents

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen

FILES = {
    "ci github": [".github/workflows/ci.yml"],
    "ci gitlab": [".gitlab-ci.yml"],
    "conan": [
        "conanfile.py",
        "test_package/CMakeLists.txt",
        "test_package/conanfile.py",
        "test_package/consumer.cpp",
    ],
    "devcontainer": [
        ".devcontainer/Dockerfile",
        ".devcontainer/devcontainer.json",
        ".devcontainer/post-create.sh",
    ],
}
parts = pytest.mark.parametrize("part", FILES)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tsgen.toml").write_text('name = "my-app"\nmodel = "resnet18"\n', encoding="utf-8")
    return tmp_path


def added(project: Path) -> dict[str, bytes]:
    return {place: content for place, content in contents(project).items() if place != "tsgen.toml"}


@parts
def test_a_part_is_these_files(tsgen: Tsgen, project: Path, part: str) -> None:
    assert tsgen("add", *part.split(), str(project)) == 0
    assert sorted(added(project)) == FILES[part]


@parts
def test_the_projects_name_is_in_them_and_no_word_of_the_template(tsgen: Tsgen, project: Path, part: str) -> None:
    tsgen("add", *part.split(), str(project))
    text = "\n".join(content.decode() for content in added(project).values())
    assert not re.findall(r"@[A-Z]+@|cookiecutter", text)
    assert ("my-app" in text) == (not part.startswith("ci"))


@parts
def test_the_files_and_the_next_step_are_told(tsgen: Tsgen, project: Path, part: str) -> None:
    tsgen("add", *part.split(), str(project))
    notes = [line.partition("note: ")[2] for line in (tsgen.out + tsgen.err).splitlines()]
    assert notes[:-1] == [f"wrote {place}" for place in FILES[part]]
    assert re.search("push|conan install|Reopen in Container", notes[-1])


@parts
def test_a_second_time_changes_nothing(tsgen: Tsgen, project: Path, part: str) -> None:
    tsgen("add", *part.split(), str(project))
    before = added(project)
    assert tsgen("add", *part.split(), str(project), "--json") == 0
    assert tsgen.document == {"files": [], "unchanged": [str(project / place) for place in FILES[part]]}
    assert added(project) == before


@parts
def test_what_the_user_has_stays(tsgen: Tsgen, project: Path, part: str) -> None:
    """Also when it is the last of the files: none is written before all are looked at."""
    last = FILES[part][-1]
    (project / last).parent.mkdir(parents=True, exist_ok=True)
    (project / last).write_text("mine\n", encoding="utf-8")
    assert tsgen("add", *part.split(), str(project)) == 2
    assert f"error: {last} is already in {project} and differs from what tsgen would write" in tsgen.err
    assert "hint: keep yours, or overwrite with --force" in tsgen.err
    assert added(project) == {last: b"mine\n"}


@parts
def test_force_overwrites(tsgen: Tsgen, project: Path, part: str) -> None:
    tsgen("add", *part.split(), str(project))
    written = added(project)
    last = project / FILES[part][-1]
    last.write_text("mine\n", encoding="utf-8")
    assert tsgen("add", *part.split(), str(project), "--force", "--json") == 0
    assert tsgen.document["files"] == [str(last)]
    assert added(project) == written


def test_every_file_in_the_way_is_named(tsgen: Tsgen, project: Path) -> None:
    (project / "conanfile.py").touch()
    (project / "test_package/consumer.cpp").mkdir(parents=True)
    assert tsgen("add", "conan", str(project)) == 2
    assert f"conanfile.py and test_package/consumer.cpp are already in {project} and differ from" in tsgen.err


def test_a_link_that_leads_nowhere_is_the_users_too(tsgen: Tsgen, project: Path) -> None:
    (project / ".gitlab-ci.yml").symlink_to("elsewhere")
    assert tsgen("add", "ci", "gitlab", str(project)) == 2
    assert (project / ".gitlab-ci.yml").is_symlink()


def test_a_place_that_cannot_be_written_is_told(tsgen: Tsgen, project: Path) -> None:
    (project / ".github").touch()
    assert tsgen("add", "ci", "github", str(project)) == 5
    assert "ci.yml: a part of its path is a file, not a folder" in tsgen.err


@parts
def test_only_a_project_can_have_one(tsgen: Tsgen, tmp_path: Path, part: str) -> None:
    assert tsgen("add", *part.split(), str(tmp_path)) == 2
    assert "is not a tsgen project" in tsgen.err


@pytest.mark.parametrize("name", ["a'b", "../x", "a b"])
def test_a_name_that_would_spoil_the_files_is_refused(tsgen: Tsgen, tmp_path: Path, name: str) -> None:
    (tmp_path / "tsgen.toml").write_text(f'name = "{name}"\nmodel = "resnet18"\n', encoding="utf-8")
    assert tsgen("add", "conan", str(tmp_path)) == 2
    assert f"`{name}` cannot be a project's name" in tsgen.err
    assert added(tmp_path) == {}


def test_every_ci_system_of_the_matrix_has_its_files() -> None:
    assert {path.name for path in templates.folder("ci").iterdir()} == set(SYSTEMS)


def test_the_workflow_is_what_lies_in_the_templates(project: Path) -> None:
    """So the linters may be run on either; GitHub's expressions are full of braces."""
    add.part(project, "my-app", "ci/github")
    place = ".github/workflows/ci.yml"
    assert (project / place).read_bytes() == (templates.folder("ci/github") / place).read_bytes()


def test_what_pip_compiled_in_an_installed_wheel_is_not_copied(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "templates"
    (part / "__pycache__").mkdir(parents=True)
    (part / "__pycache__/conanfile.cpython-311.pyc").write_bytes(b"\xff")
    (part / "conanfile.py").write_text('PROJECT = "@PROJECT@"\n', encoding="utf-8")
    monkeypatch.setattr(templates, "folder", lambda _: part)
    assert add.part(project, "my-app", "conan").written == ("conanfile.py",)
    assert (project / "conanfile.py").read_text(encoding="utf-8") == 'PROJECT = "my-app"\n'


def test_json_of_an_operator_names_it(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "mine", str(project), "--json") == 0
    document = json.loads(tsgen.out)
    assert set(document) == {"files", "unchanged", "operator"}
