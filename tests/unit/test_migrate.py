"""`tsgen update` of a project that tsgen 0.1.0 made: what goes, what is kept, what stays. Nothing is compiled."""

# ruff: noqa: F811 - a fixture of another module
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import first_format as archive
from tsgen import pipeline, render
from tsgen.commands import update
from tsgen.commands.update import first_format, proving
from tsgen.config import load
from tsgen.errors import BuildError, ConfigError, ParityError
from tsgen.project import lock, placement, vendored_library
from tsgen.system import files

from .make import config, contents, report
from .test_update import OURS, Proofs, proofs  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Recorder

TODAY = ("CMakeLists.txt", "CMakePresets.json", "src/main.cpp", "tests/CMakeLists.txt", "tests/model_test.cpp")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return archive.unpack(tmp_path)


@pytest.fixture
def proven(proofs: Proofs, monkeypatch: pytest.MonkeyPatch) -> Proofs:
    """What tsgen 0.1.0 built is proven, too."""
    monkeypatch.setattr(proving, "prove_first_format", lambda *_: report())
    return proofs


def append(path: Path, text: str = "// mine\n") -> bytes:
    path.write_bytes(path.read_bytes() + text.encode())
    return path.read_bytes()


def sorted_(root: Path) -> first_format.Sorted:
    return first_format.sort(root, load(root))


def rendered(tmp_path: Path) -> Path:
    return render.project(config(name=archive.NAME, model="model.py:build"), tmp_path / "rendered")


def test_every_file_as_it_was_written_is_recognised(old: Path) -> None:
    found = sorted_(old)
    assert found.changed == ()
    others = set(contents(old)) - set(found.unchanged)
    assert {name.partition("/")[0] for name in others} == {"include", "model", "model.py", "tsgen.lock", "tsgen.toml"}


def test_a_changed_byte_is_seen_beside_the_name_and_elsewhere(old: Path) -> None:
    lists, main = old / "CMakeLists.txt", old / "src/main.cpp"
    files.write_text(lists, lists.read_text(encoding="utf-8").replace("project(old-app", "project(old_app"))
    files.write_text(main, main.read_text(encoding="utf-8").replace("return", "retorn"))
    assert sorted_(old).changed == ("CMakeLists.txt", "src/main.cpp")


def test_other_ends_of_lines_are_no_change(old: Path) -> None:
    main = old / "src/main.cpp"
    main.write_bytes(main.read_bytes().replace(b"\n", b"\r\n"))
    assert sorted_(old).changed == ()


@pytest.mark.parametrize("name", ["a", "Other-Name", "model"])
def test_a_project_of_any_name_is_recognised(old: Path, name: str) -> None:
    """Written as 0.1.0 would have written it under that name."""
    (old / "include/old-app").rename(old / "include" / name)
    for path in [old / each for each in contents(old)]:
        if b"\0" not in path.read_bytes() and "model" not in path.relative_to(old).parts[0]:
            text = path.read_text(encoding="utf-8").replace("old-app", name)
            files.write_text(path, text.replace("old_app", name.replace("-", "_")))
    recipe = old / "conanfile.py"
    files.write_text(recipe, recipe.read_text(encoding="utf-8").replace(f'name = "{name}"', f'name = "{name.lower()}"'))
    assert sorted_(old).changed == ()
    assert len(sorted_(old).unchanged) > 30


def test_tsgens_files_go_and_todays_come(old: Path, proven: Proofs, tmp_path: Path) -> None:
    toml = (old / "tsgen.toml").read_bytes()
    done = update.update(old, {})
    there, new = contents(old), contents(rendered(tmp_path))
    assert (done.action, done.before.version, done.after.version) == ("migrated", "0.1.0", OURS.version)
    assert {name: there[name] for name in new if name != "tsgen.toml"} == {
        name: text for name, text in new.items() if name != "tsgen.toml"
    }
    assert there["tsgen.toml"] == toml
    assert set(done.removed) >= {
        "conanfile.py",
        "cmake/FindTorch.cmake",
        "src/model.cpp",
        "include/old-app/runtime.hpp",
    }
    assert not any((old / name).exists() for name in (*done.removed, "cmake", "src/program", "test_package"))
    assert proven.versions == [OURS.version]
    assert done.before.parity


def test_it_is_a_project_of_today_afterwards(old: Path, proven: Proofs) -> None:
    rows = lock.read(old).libtorch
    update.update(old, {})
    placement.require_name(old, load(old))
    assert lock.read(old).vendored == vendored_library.row(OURS)
    assert lock.read(old).libtorch == rows
    assert update.update(old, {}).action == "none"
    assert len(proven.versions) == 1


def test_what_the_user_changed_is_kept_beside_and_named(old: Path, proven: Proofs, recorder: Recorder) -> None:
    mine = {name: append(old / name) for name in ("src/main.cpp", "src/program/verify.cpp", "conanfile.py")}
    done = update.update(old, {})
    assert {each.file: each.kept_as for each in done.kept} == {name: f"{name}.before-update" for name in mine}
    assert {name: (old / f"{name}.before-update").read_bytes() for name in mine} == mine
    assert b"// mine" not in (old / "src/main.cpp").read_bytes()
    assert not (old / "conanfile.py").exists()
    notes = recorder.all("note")
    assert "you had changed src/main.cpp: yours is src/main.cpp.before-update" in notes
    assert "conanfile.py is gone: `tsgen add conan` brings today's" in notes
    assert proven.versions


def test_no_earlier_copy_is_written_over(old: Path, proven: Proofs) -> None:
    append(old / "src/main.cpp")
    files.write_text(old / "src/main.cpp.before-update", "an earlier one")
    assert update.update(old, {}).kept[0].kept_as == "src/main.cpp.before-update-2"
    assert (old / "src/main.cpp.before-update").read_text(encoding="utf-8") == "an earlier one"
    assert proven.versions


def test_what_is_the_users_alone_stays(old: Path, proven: Proofs, recorder: Recorder) -> None:
    readme = append(old / "README.md")
    files.write_text(old / "src/mine.cpp", "int mine;")
    files.write_text(old / "ops/op.cpp", "int op;")
    files.write_text(old / "tests/model_test.cpp", "int test;")
    done = update.update(old, {})
    assert (old / "README.md").read_bytes() == readme
    assert (old / "src/mine.cpp").is_file()
    assert (old / "ops/op.cpp").is_file()
    assert [each.file for each in done.kept] == ["tests/model_test.cpp"]
    assert "src/mine.cpp is compiled into the program now, as every .cpp in src/ is" in recorder.all("note")
    assert proven.versions


def test_ci_and_conan_are_told_with_the_commands_that_bring_them(old: Path, proven: Proofs, recorder: Recorder) -> None:
    update.update(old, {})
    words = " ".join(recorder.all("note"))
    assert "exported by tsgen 0.1.0, which did not look for what a call writes" in words
    for command in ("tsgen add ci github", "tsgen add ci gitlab", "tsgen add conan"):
        assert f"`{command}`" in words
    assert proven.versions


def test_what_is_not_proven_afterwards_is_taken_back(old: Path, proven: Proofs) -> None:
    append(old / "src/main.cpp")
    there = contents(old)
    proven.failures[OURS.version] = ParityError("C++ and Python differ")
    with pytest.raises(ParityError):
        update.update(old, {})
    assert {name: text for name, text in contents(old).items() if not name.startswith("build/")} == there
    assert not (old / "third_party").exists()


def test_force_keeps_it_to_be_mended(old: Path, proven: Proofs) -> None:
    proven.failures[OURS.version] = BuildError("no compile")
    with pytest.raises(BuildError):
        update.update(old, {}, force=True)
    assert vendored_library.read(old / vendored_library.FOLDER) == OURS


def test_a_program_that_is_not_built_is_not_proven_before(old: Path, proofs: Proofs) -> None:
    done = update.update(old, {})
    assert done.before.parity is None
    assert "old-app is not built" in done.before.not_proven
    assert done.after.parity
    assert proofs.versions


@pytest.mark.parametrize("command", ["build", "check", "new"])
def test_other_commands_point_to_update(old: Path, command: str) -> None:
    there = contents(old)
    calls: dict[str, Callable[[], object]] = {
        "build": lambda: pipeline.build(old, {}),
        "check": lambda: update.check(old, {}),
        "new": lambda: pipeline.new(config(name="old-app"), old.parent, force=True, build_it=False),
    }
    with pytest.raises(ConfigError, match=r"was made by tsgen 0\.1\.0") as caught:
        calls[command]()
    assert "`tsgen update`" in caught.value.hint
    assert {name: text for name, text in contents(old).items() if not name.startswith("build/")} == there
