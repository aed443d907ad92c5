"""`tsgen update`: what it refuses, replaces, proves and takes back. The proof itself is a function of the test."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tsgen import pipeline, render
from tsgen.commands import update
from tsgen.commands.update import proving
from tsgen.errors import BuildError, ConfigError, ParityError, UnsafeError
from tsgen.project import exchange, lock, vendored_library
from tsgen.system import files
from tsgen.workspace import Workspace

from .make import artifact, build, config, contents, libtorch, report
from .test_exchange import KilledError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.commands.update.proving import Exported
    from tsgen.console import Steps
    from tsgen.types import Build, ParityReport

    from .conftest import Recorder, Tsgen

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/update.schema.json").read_text(encoding="utf-8"))
RECOVER = exchange.recover
OURS = vendored_library.read(render.library())


class Proofs:
    """Stands for building and proving: notes the version that was proven, and fails with what it was told to."""

    def __init__(self) -> None:
        self.versions: list[str] = []
        self.failures: dict[str, BaseException] = {}

    def prove(self, given: Exported, steps: Steps, words: str) -> tuple[Build, ParityReport]:
        del steps, words
        version = vendored_library.read(given.work.root / vendored_library.FOLDER).version
        self.versions.append(version)
        if version in self.failures:
            raise self.failures[version]
        return build(given.work.root / "build/release/myapp-runner"), report()


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Proofs:
    made = Proofs()
    monkeypatch.setattr(proving, "prove", made.prove)
    monkeypatch.setattr(proving, "opened", opened)
    return made


def opened(root: Path, options: Mapping[str, Any], steps: Steps) -> Exported:
    del steps
    work = Workspace.open(root, options)
    return proving.Exported(work=work, libtorch=libtorch(), artifact=artifact(root / "model"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With tsgen's library of version 0.1.9, as its lock says, and a changed main.cpp."""
    pipeline.new(config(), tmp_path, build_it=False)
    root = tmp_path / "myapp"
    files.write_text(root / "src/main.cpp", "int main() {}")
    files.write_text(root / vendored_library.FOLDER / "VERSION", "0.1.9\n")
    files.write_text(root / vendored_library.FOLDER / "src/of_then.cpp", "")
    lock.write(
        root,
        {"sha256": "ab"},
        [libtorch().pin],
        vendored=vendored_library.row(vendored_library.read(root / vendored_library.FOLDER)),
    )
    return root


def edit(project: Path) -> None:
    files.write_text(project / vendored_library.FOLDER / "src/of_then.cpp", "mine")


def library_is_ours(project: Path) -> bool:
    return vendored_library.read(project / vendored_library.FOLDER) == OURS


def test_the_library_is_replaced_and_the_users_file_stays(project: Path, proofs: Proofs) -> None:
    done = update.update(project, {})
    assert library_is_ours(project)
    assert (project / "src/main.cpp").read_text(encoding="utf-8") == "int main() {}"
    assert proofs.versions == ["0.1.9", OURS.version]
    assert (done.action, done.before.version, done.after.version) == ("updated", "0.1.9", OURS.version)
    assert done.before.parity == done.after.parity == report()
    assert not list(project.glob(".tsgen*"))


def test_the_lock_follows_and_keeps_the_rest(project: Path, proofs: Proofs) -> None:
    known = lock.read(project)
    update.update(project, {})
    assert proofs.versions
    assert lock.read(project) == replace(known, vendored=vendored_library.row(OURS))


def test_a_second_update_has_nothing_to_do(project: Path, proofs: Proofs) -> None:
    update.update(project, {})
    there = contents(project)
    assert update.update(project, {}).action == "none"
    assert contents(project) == there
    assert len(proofs.versions) == 2


def test_an_edited_library_is_told_file_by_file_and_left_alone(project: Path, proofs: Proofs) -> None:
    edit(project)
    there = contents(project)
    with pytest.raises(UnsafeError, match=r"third_party/tsgen was edited: src/of_then\.cpp") as caught:
        update.update(project, {})
    assert caught.value.details == "src/of_then.cpp"
    assert "--force" in caught.value.hint
    assert {name: text for name, text in contents(project).items() if not name.startswith("build/")} == there
    assert proofs.versions == []


def test_force_replaces_an_edited_library(project: Path, proofs: Proofs) -> None:
    edit(project)
    assert update.update(project, {}, force=True).edited == ("src/of_then.cpp",)
    assert library_is_ours(project)
    assert len(proofs.versions) == 2


def test_a_newer_library_is_replaced_by_force_only(project: Path, proofs: Proofs) -> None:
    files.write_text(project / vendored_library.FOLDER / "VERSION", "99.0\n")
    lock.write(project, {}, [], vendored=vendored_library.row(vendored_library.read(project / vendored_library.FOLDER)))
    with pytest.raises(ConfigError, match=r"is 99\.0, and this tsgen brings the older"):
        update.update(project, {})
    assert proofs.versions == []
    update.update(project, {}, force=True)
    assert library_is_ours(project)


def test_a_folder_that_is_gone_comes_back(project: Path, proofs: Proofs) -> None:
    files.move_into(project / vendored_library.FOLDER, project.parent / "elsewhere")
    for folder in sorted((project / vendored_library.FOLDER).rglob("*"), reverse=True):
        folder.rmdir()
    assert update.update(project, {}).after.version == OURS.version
    assert library_is_ours(project)
    assert proofs.versions[-1] == OURS.version


@pytest.mark.parametrize("failure", [BuildError("no compile"), ParityError("C++ and Python differ"), KilledError()])
def test_what_is_not_proven_is_taken_back(
    project: Path, proofs: Proofs, recorder: Recorder, failure: BaseException
) -> None:
    there = contents(project)
    proofs.failures[OURS.version] = failure
    with pytest.raises(type(failure)):
        update.update(project, {})
    assert {name: text for name, text in contents(project).items() if not name.startswith("build/")} == there
    assert recorder.all("note")[-1] == "the update is taken back: the project is as it was before"


def test_force_keeps_what_is_not_proven(project: Path, proofs: Proofs, recorder: Recorder) -> None:
    proofs.failures[OURS.version] = BuildError("no compile")
    with pytest.raises(BuildError):
        update.update(project, {}, force=True)
    assert library_is_ours(project)
    assert recorder.all("note")[-1] == "the update is kept, as --force wants it"


def test_a_proof_that_fails_before_is_told_and_may_be_mended(project: Path, proofs: Proofs, recorder: Recorder) -> None:
    proofs.failures["0.1.9"] = BuildError("an old fault")
    done = update.update(project, {})
    assert library_is_ours(project)
    assert (done.before.parity, done.before.not_proven) == (None, "an old fault")
    assert "not proven before the update: an old fault" in recorder.all("note")


def test_a_project_without_a_model_is_updated_unproven(
    project: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    monkeypatch.setattr(proving, "prove", None)
    done = update.update(project, {})
    assert library_is_ours(project)
    assert done.after.not_proven == "the model is not exported yet"
    assert recorder.all("note") == ["the model is not exported yet, so nothing is proven: `tsgen build`"]


def test_new_files_are_younger_than_the_objects(project: Path, proofs: Proofs) -> None:
    """Ninja compiles nothing else; the template's own times are those of its installation."""
    done = (project / "tsgen.toml").stat().st_mtime
    update.update(project, {})
    assert proofs.versions
    assert min(path.stat().st_mtime for path in (project / vendored_library.FOLDER).rglob("*.cpp")) >= done


def test_a_killed_update_is_taken_back_by_the_next_command(
    project: Path, proofs: Proofs, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    there = contents(project)
    proofs.failures[OURS.version] = KilledError()
    monkeypatch.setattr(exchange, "recover", lambda _: False)
    with pytest.raises(KilledError):
        update.update(project, {})
    monkeypatch.setattr(exchange, "recover", RECOVER)
    assert library_is_ours(project)
    with pytest.raises(ConfigError):
        pipeline.test(project, {"torch_version": "?"})
    assert {name: text for name, text in contents(project).items() if not name.startswith("build/")} == there
    assert any("did not come to its end" in note for note in recorder.all("note"))


@pytest.mark.parametrize(
    ("version", "edited", "code", "words"),
    [
        (OURS.version, False, 0, "nothing to do"),
        ("0.1.9", False, 2, "third_party/tsgen is 0.1.9, and this tsgen brings"),
        ("0.1.9", True, 9, "third_party/tsgen was edited: src/of_then.cpp"),
        ("99.0", False, 2, "install the tsgen that wrote it"),
    ],
)
def test_check_changes_nothing_and_fails_on_drift(
    project: Path, proofs: Proofs, tsgen: Tsgen, version: str, *, edited: bool, code: int, words: str
) -> None:
    if version == OURS.version:
        update.update(project, {})
    else:
        files.write_text(project / vendored_library.FOLDER / "VERSION", f"{version}\n")
        lock.write(
            project, {}, [], vendored=vendored_library.row(vendored_library.read(project / vendored_library.FOLDER))
        )
    if edited:
        edit(project)
    there, proven = contents(project), len(proofs.versions)
    assert tsgen("update", "--check", str(project)) == code
    assert words in tsgen.out + tsgen.err
    assert (contents(project), len(proofs.versions)) == (there, proven)


def test_json_fits_its_schema(project: Path, proofs: Proofs, tsgen: Tsgen) -> None:
    assert tsgen("update", str(project), "--json") == 0
    jsonschema.validate(tsgen.document, SCHEMA)
    assert tsgen.document["before"]["parity"]["passed"]
    assert tsgen.document["after"]["parity"]["passed"]
    assert len(proofs.versions) == 2


def test_words_for_people(project: Path, proofs: Proofs, tsgen: Tsgen) -> None:
    proofs.failures["0.1.9"] = BuildError("an old fault")
    assert tsgen("update", str(project)) == 0
    assert f"third_party/tsgen 0.1.9 -> {OURS.version}" in tsgen.out
    assert tsgen.out.splitlines()[-1].endswith(f"third_party/tsgen {OURS.version}, before: not proven; now: proven")


def test_force_brings_the_library_whole(project: Path) -> None:
    """`tsgen new --force`: a file of another version does not stay among those of this one."""
    pipeline.new(config(), project.parent, force=True, build_it=False)
    assert library_is_ours(project)
