"""The order of the stages, and what a run that ends early leaves behind. The model's Python is a script."""

from __future__ import annotations

import json
import platform
import sys
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from tsgen import pipeline, stages, toolchain, verify
from tsgen.config import load
from tsgen.console import summaries
from tsgen.errors import ConfigError, ExportError, LibTorchError, ToolMissingError
from tsgen.project import lock, user_presets
from tsgen.system import files
from tsgen.toolchain import Tool, Toolchain, trial

from .make import config, contents, torch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder, Script

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script"),
    pytest.mark.usefixtures("few_files"),
]

RESPONSE: dict[str, Any] = {
    "ok": True,
    "method": "trace",
    "torch_version": "2.14.1",
    "cpu": "",
    "exact": True,
    "notes": ["scripted: tracing lost a branch (net.py:12)"],
    "signature": {
        "inputs": [{"name": "x", "kind": "tensor", "dtype": "float32", "shape": ["N"]}],
        "outputs": [{"name": "output", "kind": "tensor", "dtype": "float32", "shape": ["N"]}],
    },
    "cases": [{"name": "ones", "python_milliseconds": 1.5}],
    "dims": {"N": 2},
    "files": [],
    "parameters": 3,
}
REFUSAL = {"ok": False, "error": {"kind": "model_raised", "message": "it raised", "hint": "mend it", "traceback": ""}}


@pytest.fixture(autouse=True)
def lively(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the script writes are no arrays: whether they prove something is asked elsewhere."""
    monkeypatch.setattr(verify, "require_lively", lambda *_: None)


class Model:
    """A Python that has torch, and whose worker exports a file with whatever it was told to answer."""

    def __init__(self, folder: Path, shell: Script) -> None:
        self.runs, self._answer = folder / "runs", folder / "answer"
        torch = torch_folder(folder / "site" / "torch")
        body = f"""
            if [ "$1" = -c ]; then echo '["3.11.0", ["{torch}"]]'; exit; fi
            echo run >> "{self.runs}"
            out=$(sed 's/.*"output": "\\([^"]*\\)".*/\\1/' "$2")
            mkdir -p "$out/cases/ones"
            echo model > "$out/model.pt"
            echo input > "$out/cases/ones/input.x.npy"
            cp "{self._answer}" "$3"
            """
        self.python = str(shell(folder / "python", body))
        self.answers(RESPONSE)

    def answers(self, document: dict[str, Any]) -> None:
        self._answer.write_text(json.dumps(document), encoding="utf-8")

    def count(self) -> int:
        return len(self.runs.read_text(encoding="utf-8").splitlines()) if self.runs.exists() else 0


@pytest.fixture
def model(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Model:
    """Also: tools that are looked for and found, but a build that ends where the compiling would begin."""
    made, tool = Model(tmp_path / "machine", shell), Tool(path=tmp_path / "no-such-tool", version="4.2")
    monkeypatch.setattr(toolchain, "find", lambda: Toolchain(cmake=tool, ninja=tool))
    monkeypatch.setattr(trial, "require_working", lambda _: None)
    monkeypatch.setattr(stages, "compile_project", no_cmake)
    return made


def no_cmake(*_: object, **__: object) -> None:
    raise ToolMissingError("no CMake")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_project_can_be_rendered_alone(model: Model, out: Path) -> None:
    outcome = pipeline.new(config(python=model.python), out, build_it=False)
    assert outcome.project
    assert outcome.project.root == out / "myapp"
    assert list(outcome.timings) == ["render"]
    assert [path.name for path in out.iterdir()] == ["myapp"]
    assert model.count() == 0


def test_a_model_that_fails_leaves_no_project(model: Model, out: Path) -> None:
    model.answers(REFUSAL)
    with pytest.raises(ExportError, match="it raised"):
        pipeline.new(config(python=model.python), out)
    assert list(out.iterdir()) == []


def test_a_machine_without_a_libtorch_leaves_no_project(
    model: Model, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(Exception, match="there is no LibTorch for"):
        pipeline.new(config(python=model.python), out)
    assert list(out.iterdir()) == []
    assert model.count() == 0


@pytest.mark.parametrize("build_it", [False, True])
def test_what_is_already_there_is_refused_and_left_alone(model: Model, out: Path, *, build_it: bool) -> None:
    files.write_text(out / "myapp" / "notes.txt", "mine")
    with pytest.raises(ConfigError, match="is already there") as caught:
        pipeline.new(config(python=model.python), out, build_it=build_it)
    assert "--force" in caught.value.hint
    assert contents(out) == {"myapp/notes.txt": b"mine"}


def test_a_file_in_its_place_is_refused_even_by_force(model: Model, out: Path) -> None:
    (out / "myapp").touch()
    with pytest.raises(ConfigError, match="is a file"):
        pipeline.new(config(python=model.python), out, force=True)
    assert contents(out) == {"myapp": b""}


def test_an_empty_folder_is_no_obstacle(model: Model, out: Path) -> None:
    (out / "myapp").mkdir()
    pipeline.new(config(python=model.python), out, build_it=False)
    assert (out / "myapp" / "tsgen.toml").is_file()


def test_force_writes_over_its_own_files_and_keeps_the_users(model: Model, out: Path) -> None:
    files.write_text(out / "myapp" / "notes.txt", "mine")
    files.write_text(out / "myapp" / "src" / "mine.cpp", "mine")
    files.write_text(out / "myapp" / "tsgen.toml", "old")
    pipeline.new(config(python=model.python, seed=9), out, force=True, build_it=False)
    found = contents(out / "myapp")
    assert (found["notes.txt"], found["src/mine.cpp"]) == (b"mine", b"mine")
    assert b"seed = 9" in found["tsgen.toml"]


def test_what_was_exported_is_kept_when_the_build_cannot_begin(model: Model, out: Path, recorder: Recorder) -> None:
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    root = out / "myapp"
    assert {"model/model.pt", "model/manifest.json", "model/cases/index.tsv", "tsgen.lock"} <= set(contents(root))
    assert (root / "include/myapp/model.hpp").is_file()
    assert [text.partition(":")[0] for text in recorder.all("end")] == ["Render", "Resolve", "Export"]
    assert recorder.all("note") == RESPONSE["notes"]
    with pytest.raises(ToolMissingError):
        pipeline.build(root, {"python": model.python})
    assert model.count() == 1
    assert recorder.all("end")[-1].endswith("up to date")


def test_a_large_model_is_noted_when_it_is_exported(
    model: Model, out: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "_HEAVY", 1)
    for name, lfs in (("myapp", False), ("other", True)):
        with pytest.raises(ToolMissingError):
            pipeline.new(config(name=name, python=model.python, lfs=lfs), out)
    with pytest.raises(ToolMissingError):
        pipeline.build(out / "myapp", {"python": model.python})
    assert [note.partition(",")[0] for note in recorder.all("note") if "LFS" in note] == ["model/model.pt has 6 bytes"]


def test_no_committed_file_names_this_machine(model: Model, out: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    ignored = {user_presets.FILE_NAME}
    for name, content in contents(out / "myapp").items():
        assert str(tmp_path).encode() not in content or name in ignored, name


def test_a_folder_of_libtorch_is_a_choice_of_this_machine(model: Model, out: Path, tmp_path: Path) -> None:
    named = torch_folder(tmp_path / "named", "2.15.0")
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python, libtorch=str(named)), out)
    root = out / "myapp"
    assert load(root).libtorch == "auto"
    assert lock.read(root).libtorch[0].version == "2.15.0"


def test_a_folder_of_libtorch_in_the_toml_starts_at_the_project(model: Model, out: Path, tmp_path: Path) -> None:
    torch_folder(out / "libtorch", "2.15.0")
    pipeline.new(config(python=model.python), out, build_it=False)
    toml = out / "myapp" / "tsgen.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'libtorch = "../libtorch"\n', encoding="utf-8")
    with pytest.raises(ToolMissingError):
        pipeline.build(out / "myapp", {"python": model.python})
    assert lock.read(out / "myapp").libtorch[0].version == "2.15.0"
    assert str(tmp_path) not in toml.read_text(encoding="utf-8")


def test_another_wish_exports_again(model: Model, out: Path) -> None:
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    with pytest.raises(ToolMissingError):
        pipeline.build(out / "myapp", {"python": model.python, "seed": 1})
    assert model.count() == 2


def test_a_failed_export_keeps_the_older_one(model: Model, out: Path) -> None:
    with pytest.raises(ToolMissingError):
        pipeline.new(config(python=model.python), out)
    before = contents(out / "myapp" / "model")
    model.answers(REFUSAL)
    with pytest.raises(ExportError, match="it raised"):
        pipeline.build(out / "myapp", {"python": model.python, "seed": 1})
    assert contents(out / "myapp" / "model") == before


def test_a_second_tsgen_in_the_same_project_waits(model: Model, out: Path, recorder: Recorder) -> None:
    pipeline.new(config(python=model.python), out, build_it=False)
    root = out / "myapp"
    (root / "build").mkdir()

    def build() -> None:
        with pytest.raises(ToolMissingError):
            pipeline.build(root, {"python": model.python})

    held = FileLock(root / "build" / ".tsgen.lock")
    with held:
        other = Thread(target=copy_context().run, args=[build])
        other.start()
        other.join(0.3)
        assert recorder.all("note") == ["another tsgen works in this project; waiting for it"]
        assert model.count() == 0
    other.join(10)
    assert model.count() == 1
    assert lock.read(root).artifact["torch_version"] == "2.14.1"


def test_a_libtorch_for_the_cpu_is_refused_for_cuda(model: Model, out: Path) -> None:
    with pytest.raises(LibTorchError) as caught:
        pipeline.new(config(python=model.python, device="cuda", libtorch="installed"), out)
    assert caught.value.exit_code == 3
    assert "accelerator: expected cuda, came cpu" in caught.value.message
    assert "--libtorch wheel" in caught.value.hint
    assert list(out.iterdir()) == []
    assert model.count() == 0
