"""A generated project inside a user's own: CMake's ways, plugins, two models, models without a file, strict flags."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import toolchain

from .conftest import Made, make, run

if TYPE_CHECKING:
    from .conftest import Ended, Tsgen

HOST = Path(__file__).parent / "projects" / "host"
ANSWER = "from memory 1, from a stream 1\n"
STRICT = "-DHOST_FLAGS=-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Wold-style-cast;-Werror"
UNITY = "-DCMAKE_UNITY_BUILD=ON"


@pytest.fixture(scope="module")
def plain(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tsgen, tmp_path_factory.mktemp("plain"), "plain", "--model", f"{HOST / 'models.py'}:Plain")


@pytest.fixture(scope="module")
def scratch(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tsgen, tmp_path_factory.mktemp("scratch"), "scratch", "--model", f"{HOST / 'models.py'}:Scratch")


class Host:
    """The user's project, configured and built in a folder of its own."""

    def __init__(self, plain: Made, folder: Path) -> None:
        self.plain, self.folder, self.tools = plain, folder, toolchain.find()

    def cmake(self, *words: object, **env: str) -> Ended:
        path = os.pathsep.join([str(self.tools.ninja.path.parent), os.environ["PATH"]])
        root = str(self.plain.outcome["libtorch"]["root"])
        return run(self.tools.cmake.path, *words, env={"PATH": path, "Torch_ROOT": root, **env})

    def configure(self, way: str, place: Path, *words: str, generator: str = "Ninja") -> Ended:
        options = (f"-DWAY={way}", f"-DPLAIN={place}", "-DCMAKE_BUILD_TYPE=Release", *words)
        return self.cmake("-G", generator, "-S", HOST, "-B", self.folder, *options)

    def build(self, way: str, place: Path, *words: str, generator: str = "Ninja") -> None:
        for ended in (
            self.configure(way, place, *words, generator=generator),
            self.cmake("--build", self.folder, "--config", "Release", "--parallel", "2"),
        ):
            assert ended.status == 0, ended.stdout[-4000:] + ended.stderr[-4000:]

    def run(self, name: str, *words: object) -> Ended:
        found = [self.folder / name, self.folder / "Release" / name]
        return run(next(path for path in found if path.is_file()), *words)


@pytest.fixture
def host(plain: Made, tmp_path: Path) -> Host:
    return Host(plain, tmp_path / "build")


def model_of(made: Made) -> Path:
    return made.root / "model/model.pt"


def first_number(made: Made) -> str:
    return run(made.program).stdout


def test_added_with_a_plugin_and_a_model_that_has_no_file(host: Host, plain: Made) -> None:
    host.build("add_subdirectory", plain.root, f"-DMODEL={model_of(plain)}")
    assert host.run("host", model_of(plain)).stdout == ANSWER
    opened = host.run("loader", host.folder / "libplugin.so", model_of(plain))
    embedded = host.run("embedded")
    assert opened.status == embedded.status == 0, opened.stdout + embedded.stderr
    assert opened.stdout == embedded.stdout
    assert float(embedded.stdout) != 0


def test_fetched_from_a_git_repository(host: Host, plain: Made, tmp_path: Path) -> None:
    clone = tmp_path / "repository"
    shutil.copytree(plain.root, clone, ignore=shutil.ignore_patterns("build", "CMakeUserPresets.json"))
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-q", "-m", "project")):
        subprocess.run(["git", *words], cwd=clone, check=True)
    host.build("FetchContent", clone)
    assert host.run("host", model_of(plain)).stdout == ANSWER


@pytest.mark.parametrize("shared", ["OFF", "ON"])
def test_installed_and_found(host: Host, plain: Made, tmp_path: Path, shared: str) -> None:
    """Built in another folder, from the installation alone, without a header of LibTorch on the command line."""
    build, prefix = tmp_path / "plain", tmp_path / "prefix"
    for words in (
        ("-G", "Ninja", "-S", plain.root, "-B", build, "-DCMAKE_BUILD_TYPE=Release", f"-DBUILD_SHARED_LIBS={shared}"),
        ("--build", build),
        ("--install", build, "--prefix", prefix),
    ):
        ended = host.cmake(*words)
        assert ended.status == 0, ended.stdout[-4000:] + ended.stderr
    embedded = f"-DMODEL={prefix / 'share/plain/model/model.pt'}"
    host.build("find_package", prefix, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", embedded)
    assert "include/torch" not in (host.folder / "compile_commands.json").read_text(encoding="utf-8")
    assert host.run("host", prefix / "share/plain/model/model.pt").stdout == ANSWER
    assert float(host.run("embedded").stdout) != 0
    for program in ("plain", "plain-runner"):
        assert run(prefix / "bin" / program, cwd=tmp_path).status == 0
    assert (prefix / "lib" / f"libtsgen-runtime.{'so' if shared == 'ON' else 'a'}").is_file()


def test_two_models_share_one_library_and_calls_that_write_take_turns(host: Host, plain: Made, scratch: Made) -> None:
    host.build("add_subdirectory", plain.root, f"-DSCRATCH={scratch.root}")
    assert len(list(host.folder.rglob("libtsgen-runtime.a"))) == 1
    assert host.run("two", model_of(plain), model_of(scratch)).stdout == "0 wrong\n"


def test_two_projects_that_bring_the_same_operators(tsgen: Tsgen, host: Host, plain: Made, tmp_path: Path) -> None:
    """LibTorch ends a process in which an operator is registered twice."""
    inputs = ("--input", "boxes=5x4", "--input", "scores=5")
    first, second = (
        make(tsgen, tmp_path, name, "--model", f"{HOST / 'models.py'}:{model}", *inputs)
        for name, model in (("first", "Suppress"), ("second", "SuppressMore"))
    )
    host.build("add_subdirectory", plain.root, f"-DFIRST={first.root}", f"-DSECOND={second.root}")
    ended = host.run("both", model_of(first), model_of(second))
    assert ended.stdout == "both are loaded\n", ended.stderr


def test_a_model_is_warm_before_its_first_request_and_its_state_is_untouched(
    tsgen: Tsgen, host: Host, plain: Made, tmp_path: Path
) -> None:
    """LibTorch itself says when it optimises a graph: never once the requests come."""
    counter = make(tsgen, tmp_path, "counter", "--model", f"{HOST / 'models.py'}:Counter")
    host.build("add_subdirectory", plain.root, f"-DCOUNTER={counter.root}")
    said = {"PYTORCH_JIT_LOG_LEVEL": "profiling_graph_executor_impl"}
    cold, warm = (run(host.folder / "warm", model_of(counter), *words, env=said) for words in ((), ("warm",)))
    assert cold.stdout == warm.stdout == "2001 4002 6003 "
    assert "Optimized Graph" in cold.stderr.partition("requests\n")[2]
    before, _, after = warm.stderr.partition("requests\n")
    assert "Optimized Graph" in before
    assert not after


def test_two_versions_of_the_library_are_refused_by_name(host: Host, plain: Made, tmp_path: Path) -> None:
    other = shutil.copytree(plain.root, tmp_path / "other", ignore=shutil.ignore_patterns("build"))
    (other / "third_party/tsgen/VERSION").write_text("9.9.9\n", encoding="utf-8")
    lists = other / "CMakeLists.txt"
    lists.write_text(lists.read_text(encoding="utf-8").replace("plain", "other"), encoding="utf-8")
    ended = host.configure("add_subdirectory", plain.root, f"-DSCRATCH={other}")
    assert ended.status != 0
    said = " ".join(ended.stderr.split())
    assert "Two versions of tsgen's library cannot be in one build" in said
    assert "has 9.9.9" in said


@pytest.mark.parametrize(
    ("words", "generator"),
    [
        pytest.param((STRICT, "-DCMAKE_CXX_STANDARD=17"), "Unix Makefiles", id="17-makefiles"),
        pytest.param((STRICT, "-DCMAKE_CXX_STANDARD=20"), "Ninja Multi-Config", id="20-multi-config"),
        pytest.param((STRICT, "-DCMAKE_CXX_STANDARD=23", UNITY), "Ninja", id="23-unity"),
        pytest.param(("-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON",), "Ninja", id="lto"),
        pytest.param(("-DCMAKE_CXX_VISIBILITY_PRESET=hidden", "-DBUILD_SHARED_LIBS=ON"), "Ninja", id="hidden-shared"),
    ],
)
def test_the_flags_of_a_project_around_it(host: Host, plain: Made, words: tuple[str, ...], generator: str) -> None:
    host.build("add_subdirectory", plain.root, *words, generator=generator)
    assert host.run("host", model_of(plain)).stdout == ANSWER
