"""`tsgen update` with real builds: another version's library, an edited one, and a project of tsgen 0.1.0."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import first_format
from tsgen import render
from tsgen.project import vendored_library

from .conftest import make

if TYPE_CHECKING:
    from .conftest import Made, Tsgen

LIBRARY = "third_party/tsgen"
OURS = vendored_library.read(render.library()).version
MAIN = """\
#include <iostream>

int main() { std::cout << "mine\\n"; }
"""


@pytest.fixture(scope="module")
def built(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A project with a main.cpp of its user's, whose library is of version 0.1.9 and has a comment of its own."""
    model = Path(__file__).parents[2] / "examples/my_module/model.py"
    made = make(tsgen, tmp_path_factory.mktemp("update"), "myapp", "--model", f"{model}:build")
    (made.root / "src/main.cpp").write_text(MAIN, encoding="utf-8")
    (made.root / LIBRARY / "VERSION").write_text("0.1.9\n", encoding="utf-8")
    append(made.root / LIBRARY / "src/core/bind.cpp", "// as it was in 0.1.9\n")
    lock = json.loads((made.root / "tsgen.lock").read_text(encoding="utf-8"))
    lock["vendored"] = vendored_library.row(vendored_library.read(made.root / LIBRARY))
    (made.root / "tsgen.lock").write_text(json.dumps(lock, indent=2), encoding="utf-8")
    return made


@pytest.fixture
def project(built: Made, tmp_path: Path) -> Path:
    """A copy to spoil, built where it stood."""
    return Path(shutil.copytree(built.root, tmp_path / "myapp"))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def passed(stand: dict[str, Any]) -> bool:
    return bool(stand["parity"] and stand["parity"]["passed"])


def test_an_older_library_is_told_replaced_and_proven_before_and_after(project: Path, tsgen: Tsgen) -> None:
    told = tsgen("build", project)
    assert f"note: {LIBRARY} is 0.1.9, this tsgen brings {OURS}: `tsgen update`" in told.stdout
    drift = tsgen("update", project, "--check")
    assert (drift.status, "is 0.1.9, and this tsgen brings" in drift.stderr) == (2, True)
    ended = tsgen("update", project, "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    done = ended.document
    assert (done["before"]["version"], done["after"]["version"]) == ("0.1.9", OURS)
    assert passed(done["before"])
    assert passed(done["after"])
    assert (project / "src/main.cpp").read_text(encoding="utf-8") == MAIN
    assert vendored_library.read(project / LIBRARY) == vendored_library.read(render.library())
    assert tsgen("update", project, "--check").status == 0
    again = tsgen("build", project, "--locked", "--json")
    assert set(again.document["up_to_date"]) == {"export", "build", "prove"}


def test_it_needs_no_torch_in_python(project: Path, tsgen: Tsgen, built: Made) -> None:
    """The LibTorch is a folder; the model is not exported again."""
    ended = tsgen(
        "update", project, "--libtorch", built.outcome["libtorch"]["root"], "--json", env={"TSGEN_PYTHON": bare()}
    )
    assert ended.status == 0, ended.stdout + ended.stderr
    assert passed(ended.document["after"])


def bare() -> str:
    """A Python without torch."""
    found = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if not found:
        pytest.skip("there is no Python without torch")
    return found


def test_an_edited_library_is_left_alone_without_force(project: Path, tsgen: Tsgen) -> None:
    edited = project / LIBRARY / "src/core/bind.cpp"
    append(edited, "// mine\n")
    told = tsgen("build", project)
    assert "differs from what tsgen.lock records: src/core/bind.cpp; `tsgen update --force`" in told.stdout
    for words in (["--check"], []):
        refused = tsgen("update", project, *words)
        assert refused.status == 9
        assert "src/core/bind.cpp" in refused.stderr
    assert "// mine" in edited.read_text(encoding="utf-8")
    assert tsgen("update", project, "--force").status == 0
    assert "// mine" not in edited.read_text(encoding="utf-8")


def test_a_library_that_does_not_build_is_taken_back_and_the_old_one_builds(project: Path, tsgen: Tsgen) -> None:
    """What fails is the user's own test, which knows a header that only his version has."""
    (project / LIBRARY / "include/tsgen/of_then.hpp").write_text("inline int then() { return 0; }\n", encoding="utf-8")
    (project / "tests/model_test.cpp").write_text(
        "#include <tsgen/of_then.hpp>\nint main() { return then(); }\n", encoding="utf-8"
    )
    lock = json.loads((project / "tsgen.lock").read_text(encoding="utf-8"))
    lock["vendored"] = vendored_library.row(vendored_library.read(project / LIBRARY))
    (project / "tsgen.lock").write_text(json.dumps(lock, indent=2), encoding="utf-8")
    ended = tsgen("update", project)
    assert ended.status == 7, ended.stdout + ended.stderr
    assert "note: the update is taken back" in ended.stdout
    assert (project / LIBRARY / "VERSION").read_text(encoding="utf-8") == "0.1.9\n"
    again = tsgen("build", project, "--json")
    assert again.status == 0, again.stdout + again.stderr
    assert "build" not in again.document["up_to_date"]


def test_a_project_of_the_first_version_becomes_one_of_today(tsgen: Tsgen, tmp_path: Path) -> None:
    root = first_format.unpack(tmp_path)
    append(root / "src/main.cpp", "// mine\n")
    refused = tsgen("build", root)
    assert (refused.status, "`tsgen update`" in refused.stderr) == (2, True)
    ended = tsgen("update", root, "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    done = ended.document
    assert done["action"] == "migrated"
    assert passed(done["after"])
    assert "is not built" in done["before"]["not_proven"]
    assert done["kept"] == [{"file": "src/main.cpp", "kept_as": "src/main.cpp.before-update"}]
    assert "// mine" in (root / "src/main.cpp.before-update").read_text(encoding="utf-8")
    assert tsgen("build", root, "--json").status == 0
    assert not (root / "src/runtime").exists()
