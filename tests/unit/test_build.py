"""Configure only when it is needed, and tell the first error of a long log."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tsgen import build as building
from tsgen.errors import BuildError, ConfigError
from tsgen.toolchain import Tool, Toolchain
from tsgen.types import Project

from .make import libtorch

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder, Script

REPLY = {
    "index-2026.json": {
        "cmake": {"version": {"string": "3.28.3"}},
        "objects": [{"kind": "toolchains", "jsonFile": "toolchains-v1.json"}],
    },
    "toolchains-v1.json": {
        "toolchains": [
            {"language": "C", "compiler": {"id": "GNU", "version": "12.2.0"}},
            {"language": "CXX", "compiler": {"id": "GNU", "version": "12.2.0"}},
        ]
    },
}
CMAKE = """
    echo "$@" >> calls
    case "$1" in
    --preset)
        cat configure-output 2>/dev/null
        if [ -e fail--preset ]; then exit 1; fi
        mkdir -p build/release
        echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" > build/release/CMakeCache.txt
        echo > build/release/build.ninja ;;
    --build)
        cat build-output
        if [ -e fail--build ]; then exit 1; fi
        if [ ! -e another-name ]; then touch build/release/myapp build/release/myapp-runner; fi ;;
    esac
    """


class Site:
    """A project whose CMake is a script that notes how it was called."""

    def __init__(self, root: Path, shell: Script) -> None:
        root.mkdir()
        self.root, self.project = root, Project(name="myapp", root=root)
        cmake = Tool(path=shell(root.parent / "cmake", CMAKE), version="3.28.3")
        self.tools = Toolchain(cmake=cmake, ninja=cmake)
        for name in ("CMakePresets.json", "CMakeUserPresets.json"):
            (root / name).write_text("{}", encoding="utf-8")
        self.ninja_says(
            "[1/2] Building CXX object CMakeFiles/myapp.dir/src/main.cpp.o\n[2/2] Linking CXX executable myapp\n"
        )
        replies = root / "build" / "release" / ".cmake/api/v1/reply"
        replies.mkdir(parents=True)
        for name, document in REPLY.items():
            (replies / name).write_text(json.dumps(document), encoding="utf-8")

    def ninja_says(self, text: str) -> None:
        (self.root / "build-output").write_text(text, encoding="utf-8")

    def compile(self) -> tuple[str, bool]:
        made, did = building.compile_project(self.project, "release", self.tools)
        return made.compiler, did

    def calls(self) -> list[str]:
        """What CMake was asked since the last time."""
        path = self.root / "calls"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.unlink()
        return lines


@pytest.fixture
def site(tmp_path: Path, shell: Script) -> Site:
    if sys.platform == "win32":
        pytest.skip("the stand-in is an sh script")
    return Site(tmp_path / "my app", shell)


def test_the_first_build_configures_and_compiles(site: Site) -> None:
    assert site.compile() == ("g++ 12.2", True)
    assert site.calls() == ["--preset local-release", "--build --preset local-release"]
    assert (site.root / "build/release/.cmake/api/v1/query/toolchains-v1").exists()


def test_a_project_of_another_name_is_told(site: Site) -> None:
    (site.root / "another-name").touch()
    with pytest.raises(BuildError, match="no myapp-runner") as caught:
        site.compile()
    assert "tsgen_add_runner(myapp)" in caught.value.hint
    assert "`name` of tsgen.toml" in caught.value.hint


def test_the_second_build_has_nothing_to_do(site: Site) -> None:
    site.compile()
    site.calls()
    site.ninja_says("ninja: no work to do.\n")
    assert site.compile() == ("g++ 12.2", False)
    assert site.calls() == ["--build --preset local-release"]


def test_a_changed_source_is_only_compiled(site: Site) -> None:
    site.compile()
    site.calls()
    assert site.compile() == ("g++ 12.2", True)
    assert site.calls() == ["--build --preset local-release"]


@pytest.mark.parametrize("name", ["CMakePresets.json", "CMakeUserPresets.json"])
def test_changed_presets_configure_again(site: Site, name: str) -> None:
    site.compile()
    site.calls()
    later = (site.root / "build/release/build.ninja").stat().st_mtime + 10
    os.utime(site.root / name, (later, later))
    assert site.compile()[1]
    assert site.calls()[0] == "--preset local-release"


def test_a_project_that_moved_configures_in_a_clean_folder(site: Site) -> None:
    site.compile()
    (site.root / "build/release/old.o").touch()
    moved = site.root.rename(site.root.with_name("elsewhere"))
    site.root, site.project = moved, Project(name="myapp", root=moved)
    site.calls()
    site.compile()
    assert site.calls()[0] == "--preset local-release"
    assert not (moved / "build/release/old.o").exists()


@pytest.mark.parametrize(("step", "verb"), [("--preset", "configure"), ("--build", "compile")])
def test_a_failure_tells_the_first_error_and_the_log(site: Site, step: str, verb: str) -> None:
    log = "fine\nmain.cpp:3:1: error: expected ';'\nand more\n"
    (site.root / "configure-output").write_text(log if step == "--preset" else "", encoding="utf-8")
    site.ninja_says(log)
    (site.root / f"fail{step}").touch()
    with pytest.raises(BuildError) as caught:
        site.compile()
    path = site.root / "build/release/tsgen-build.log"
    assert caught.value.message == f"the project did not {verb}: CMake ended with status 1"
    assert caught.value.details.splitlines()[0] == "main.cpp:3:1: error: expected ';'"
    assert str(path) in caught.value.hint
    assert path.read_text(encoding="utf-8") == log


def test_a_failed_configuration_is_tried_again(site: Site) -> None:
    (site.root / "fail--preset").touch()
    with pytest.raises(BuildError):
        site.compile()
    (site.root / "fail--preset").unlink()
    site.calls()
    assert site.compile()[1]
    assert site.calls()[0] == "--preset local-release"


def test_the_progress_names_the_file_that_is_compiled(site: Site, recorder: Recorder) -> None:
    site.compile()
    assert recorder.all("progress") == ["configure", "compile", "1/2 main.cpp.o", "2/2 Linking CXX executable myapp"]


def test_what_is_not_built_is_told(site: Site) -> None:
    with pytest.raises(BuildError, match="is not built yet") as caught:
        building.existing(site.project, "release")
    assert "tsgen build" in caught.value.hint


def test_what_is_built_is_found_without_building(site: Site) -> None:
    folder = site.root / "build/release"
    (folder / "myapp-runner").touch()
    (folder / "myapp").touch()
    made = building.existing(site.project, "release")
    assert (made.executable, made.runner) == (folder / "myapp", folder / "myapp-runner")
    assert (made.compiler, made.cmake) == ("g++ 12.2", "3.28.3")


def test_a_user_need_not_have_a_program_of_his_own(site: Site) -> None:
    (site.root / "build/release/myapp-runner").touch()
    assert building.existing(site.project, "release").executable is None


def test_the_newest_reply_of_cmake_counts(site: Site) -> None:
    replies = site.root / "build/release/.cmake/api/v1/reply"
    newer = json.dumps(REPLY["index-2026.json"]).replace("3.28.3", "4.0.0")
    (replies / "index-2027.json").write_text(newer, encoding="utf-8")
    (site.root / "build/release/myapp-runner").touch()
    assert building.existing(site.project, "release").cmake == "4.0.0"


@pytest.mark.parametrize("name", sorted(REPLY))
@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, "[]", "null", '{"objects": 3}', '{"cmake": 1, "objects": [], "toolchains": [1]}', "\0"],
)
def test_a_damaged_reply_of_cmake_says_nothing(site: Site, name: str, text: str) -> None:
    (site.root / "build/release/.cmake/api/v1/reply" / name).write_text(text, encoding="utf-8")
    (site.root / "build/release/myapp-runner").touch()
    made = building.existing(site.project, "release")
    assert (made.compiler, made.cmake) == ("the compiler", "")


@pytest.mark.parametrize(
    ("project", "torch"),
    [
        pytest.param("a;b", "torch", id="semicolon"),
        pytest.param("a|b", "torch", id="bar"),
        pytest.param('say "x"', "torch", id="quotes"),
        pytest.param("${HOME}", "torch", id="CMake's variable"),
        pytest.param("$ENV{HOME}", "torch", id="CMake's environment"),
        pytest.param("$<x>", "torch", id="generator expression"),
        pytest.param("app", "a;b", id="semicolon in LibTorch's"),
        pytest.param("app", "a,b", id="comma in LibTorch's"),
        pytest.param("app", "a:b", id="colon in LibTorch's"),
    ],
)
def test_a_folder_that_cmake_misreads_is_refused(tmp_path: Path, project: str, torch: str) -> None:
    with pytest.raises(ConfigError, match="CMake cannot build there, it misreads") as caught:
        building.check_folders(tmp_path / project, libtorch(tmp_path / torch))
    assert str(tmp_path / (project if torch == "torch" else torch)) in caught.value.message
    assert "rename the folder" in caught.value.hint


@pytest.mark.parametrize("name", ["a b", "größe", "it's", "$HOME", "a&b", "(x)", "#1", "100%", "a,b", "a=b"])
def test_a_folder_with_any_other_name_will_do(tmp_path: Path, name: str) -> None:
    building.check_folders(tmp_path / name, libtorch(tmp_path / name.replace(",", "")))


def test_what_a_failed_configuration_wrote_down_is_trusted_no_more(site: Site) -> None:
    """Such as a compiler that does not work: CMake would take it again, whatever CXX says then."""
    site.compile()
    folder = site.root / "build/release"
    (folder / "CMakeFiles/3.28.3").mkdir(parents=True)
    kept = folder / "CMakeFiles/myapp.dir/main.cpp.o"
    kept.parent.mkdir()
    kept.touch()
    (site.root / "fail--preset").touch()
    (folder / "build.ninja").unlink()
    with pytest.raises(BuildError, match="did not configure"):
        site.compile()
    assert not (folder / "CMakeCache.txt").exists()
    assert not (folder / "CMakeFiles/3.28.3").exists()
    assert kept.exists()
