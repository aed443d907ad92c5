"""What a runtime does not do is refused by its name; the default one changes nothing."""

from __future__ import annotations

import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from tsgen import model, pipeline, render, runtimes, stages
from tsgen.cli.add import shared
from tsgen.commands import inspect, matrix
from tsgen.console import Steps
from tsgen.errors import ConfigError, LibTorchError
from tsgen.model import manifest
from tsgen.model.inspect import artifact_file
from tsgen.runtimes import RUNTIMES
from tsgen.system import process
from tsgen.types import RuntimeName
from tsgen.verify.measure import cold_start_of_python
from tsgen.worker.messages import ExportRequest
from tsgen.workspace import Workspace

from . import make

if TYPE_CHECKING:
    from collections.abc import Callable

TOML = 'name = "myapp"\nmodel = "resnet18"\nruntime = "aotinductor"\n'
ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="this runtime is for Linux on x86_64"
)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as caught:
        action()
    assert caught.value.hint
    return caught.value.message


def test_every_word_has_its_runtime_on_this_side() -> None:
    assert set(RUNTIMES) == set(get_args(RuntimeName))


@ON_LINUX
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"device": "cuda"}, "--device cuda"),
        ({"method": "trace"}, "--method trace"),
        ({"tune": "freeze"}, "--tune freeze"),
        ({"preprocess": "imagenet"}, "--preprocess"),
        ({"op_libraries": ("a.so",)}, "--op-library"),
        ({"platforms": ("windows-x86_64", "windows-arm64")}, "the platform windows-arm64"),
    ],
)
def test_words_that_do_not_go_with_it_are_named(words: dict[str, Any], named: str) -> None:
    runtimes.refuse_words(make.config(**words))
    said = refused(lambda: runtimes.refuse_words(make.config(runtime="aotinductor", **words)))
    assert said == f"--runtime aotinductor does not go with {named} yet"


@ON_LINUX
def test_what_goes_with_it_is_not_refused() -> None:
    runtimes.refuse_words(
        make.config(
            runtime="aotinductor",
            seed=3,
            build_type="debug",
            platforms=RUNTIMES["aotinductor"].platforms,
            inputs=("x=Nx3",),
        )
    )


def test_another_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    said = refused(lambda: runtimes.refuse_words(make.config(runtime="aotinductor")))
    assert "for linux-x86_64 so far" in said


@ON_LINUX
def test_a_project_is_refused_as_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "tsgen.toml").write_text(f"{TOML}tune = 'freeze'\n", encoding="utf-8")
    assert "--tune freeze" in refused(lambda: Workspace.open(tmp_path, {}))


@pytest.mark.parametrize("command", ["tsgen add op"])
def test_parts_that_it_lacks_are_not_added(command: str, tmp_path: Path) -> None:
    (tmp_path / "tsgen.toml").write_text(TOML, encoding="utf-8")
    assert (
        refused(lambda: shared.project_in(tmp_path, command)) == f"`{command}` does not know --runtime aotinductor yet"
    )
    shared.project_in(tmp_path, "tsgen add conan")
    assert shared.project_in(tmp_path) == (tmp_path, "myapp")


@ON_LINUX
def test_operators_of_the_projects_own_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tsgen.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "op.cpp").touch()
    work = Workspace.open(tmp_path, {})
    assert "ops/" in refused(lambda: stages.export(work, Steps(), make.libtorch()))


def test_inspect_knows_the_file_of_either_runtime_and_which_has_a_graph(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.cpp").touch()
    assert artifact_file(tmp_path) == artifact_file(tmp_path / "model") == tmp_path / "model" / "model.cpp"
    assert "has no graph" in refused(lambda: inspect.inspect(tmp_path, None, graph=True))


def test_an_export_puts_nothing_over_a_model_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "model.cpp").touch()
    assert "model.cpp is not one of tsgen's" in refused(
        lambda: pipeline.export(make.config(runtime="aotinductor"), tmp_path)
    )
    words = make.config(runtime="aotinductor", tune="freeze")
    assert "--tune freeze" in refused(lambda: pipeline.export(words, tmp_path / "new"))


def test_its_code_is_for_one_libtorch() -> None:
    runtime = RUNTIMES["aotinductor"]
    runtime.check_libtorch("2.14.1+cpu", "2.14.1+cu130")
    with pytest.raises(LibTorchError, match=r"2\.14\.1, and the LibTorch is 2\.13\.0"):
        runtime.check_libtorch("2.13.0", "2.14.1")


def test_the_programs_load_what_was_built_of_it() -> None:
    built, artifact = make.build(Path("build/release/myapp-runner")), make.artifact()
    assert RUNTIMES["torchscript"].loaded(built, artifact) == artifact.path
    assert RUNTIMES["aotinductor"].loaded(built, artifact) == built.runner.parent / "model" / "model.so"
    windows = make.build(Path("leg/build/myapp-runner.exe"))
    assert RUNTIMES["aotinductor"].loaded(windows, artifact) == Path("leg/build/model/model.dll")
    assert RUNTIMES["aotinductor"].library(Path("b"), "windows-x86_64") == Path("b/model/model.dll")
    assert RUNTIMES["aotinductor"].library(Path("b"), "macos-arm64") == Path("b/model/model.so")
    assert RUNTIMES["torchscript"].library(Path("b"), "linux-x86_64") is None


def test_a_library_that_the_export_made_is_loaded_where_it_lies(tmp_path: Path) -> None:
    runtime = RUNTIMES["aotinductor"]
    packaged = make.artifact(tmp_path, runtime="aotinductor", packaged=True, path=tmp_path / "model.so")
    assert runtime.loaded(make.build(Path("build/release/myapp-runner")), packaged) == tmp_path / "model.so"
    (tmp_path / "model.so").write_text("library", encoding="utf-8")
    manifest.write(packaged, tmp_path)
    read = model.read(tmp_path)
    assert (read.packaged, read.path.name, set(manifest.vouched(tmp_path))) == (True, "model.so", {"model.so"})


def test_the_packaged_form_is_of_one_runtime() -> None:
    said = refused(lambda: runtimes.refuse_words(make.config(packaged=True)))
    assert said == "--packaged goes with --runtime aotinductor alone"
    assert model.request_of(make.config(runtime="aotinductor", packaged=True), Path()).packaged


def test_what_was_compiled_for_this_machine_has_no_legs_and_is_not_read(tmp_path: Path) -> None:
    packaged = make.config(runtime="aotinductor", packaged=True, platforms=["linux-x86_64", "linux-aarch64"])
    said = refused(lambda: runtimes.refuse_words(packaged))
    assert said == "--runtime aotinductor does not go with the platform linux-aarch64 yet"
    root = render.project(make.config(runtime="aotinductor", packaged=True), tmp_path)
    assert "for machines like this one" in refused(lambda: matrix.plan(root, {}))
    library = root / "model/model.so"
    library.parent.mkdir(exist_ok=True)
    library.touch()
    assert "does not read yet" in refused(lambda: inspect.inspect(library, python=None))
    assert "does not read yet" in refused(lambda: inspect.inspect(root, python=None))


def test_all_its_files_are_vouched_for(tmp_path: Path) -> None:
    made = replace(make.artifact(tmp_path), runtime="aotinductor", path=tmp_path / "model.cpp")
    for name in ("model.cpp", "weights.bin", "signature.tsgen"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    manifest.write(made, tmp_path)
    read = model.read(tmp_path)
    assert (read.runtime, read.path.name) == ("aotinductor", "model.cpp")
    assert set(manifest.vouched(tmp_path)) == {"model.cpp", "weights.bin", "signature.tsgen"}
    (tmp_path / "weights.bin").write_text("other", encoding="utf-8")
    assert model.changed_files(tmp_path) == ["weights.bin"]


def test_the_manifest_of_torchscript_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_text("model", encoding="utf-8")
    manifest.write(make.artifact(tmp_path), tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert "runtime" not in text
    assert "packaged" not in text


def test_the_request_says_it() -> None:
    assert model.request_of(make.config(), Path()).runtime == "torchscript"
    assert model.request_of(make.config(runtime="aotinductor"), Path()).runtime == "aotinductor"
    assert ExportRequest.runtime == "torchscript"


@pytest.mark.parametrize(("runtime", "file"), [("torchscript", "model.pt"), ("aotinductor", "-model,TSGEN_MODEL>")])
def test_the_projects_own_test_loads_what_its_runtime_has(runtime: RuntimeName, file: str, tmp_path: Path) -> None:
    root = render.project(make.config(runtime=runtime), tmp_path)
    assert file in (root / "tests/CMakeLists.txt").read_text(encoding="utf-8")
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "{%" not in readme
    assert ("AOTInductor" in readme) == (runtime == "aotinductor")
    assert ("tsgen_embed_model" in readme) == (runtime == "torchscript")


def test_python_is_not_started_for_what_it_cannot_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        pytest.fail("Python was started")

    monkeypatch.setattr(process, "run", started)
    compiled = replace(make.artifact(), runtime="aotinductor")
    assert cold_start_of_python(Path("python3"), compiled) is None


@pytest.mark.parametrize(("packaged", "large"), [(False, "weights.bin"), (True, "model.so")])
def test_a_project_of_either_form(*, packaged: bool, large: str, tmp_path: Path) -> None:
    root = render.project(make.config(runtime="aotinductor", packaged=packaged), tmp_path)
    assert ("packaged = true" in (root / "tsgen.toml").read_text(encoding="utf-8").splitlines()) == packaged
    assert ("with the export" in (root / "README.md").read_text(encoding="utf-8")) == packaged
    assert f"/model/{large} filter=lfs" in (root / ".gitattributes").read_text(encoding="utf-8")
