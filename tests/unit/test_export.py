"""The other side of the worker: what is asked, and what each of its answers becomes."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING, Any, get_args

import pytest

from tsgen.errors import ConfigError, ExportError, ToolMissingError, TsgenError, UnsafeError
from tsgen.model import export, read, request_of
from tsgen.toolchain.interpreter import Interpreter
from tsgen.types import Node
from tsgen.worker.messages import FailureKind, weights_file

from .make import config, untimed

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder, Script

RESPONSE: dict[str, Any] = {
    "ok": True,
    "method": "trace",
    "torch_version": "2.14.1",
    "cpu": "",
    "exact": True,
    "signature": {
        "inputs": [{"name": "x", "kind": "tensor", "dtype": "float32", "shape": ["N", 3]}],
        "outputs": [{"name": "output", "kind": "tensor", "dtype": "float32", "shape": None}],
    },
    "dims": {"N": 2},
    "cases": [{"name": "ones", "python_milliseconds": 1.5}],
    "notes": ["a note"],
    "candidates": [],
    "files": ["/nets/net.py"],
    "parameters": 3,
}


class Worker:
    """A Python whose worker is a script: argv is worker, request, response."""

    def __init__(self, folder: Path, python: Script) -> None:
        self.folder, self.python = folder, python
        self.output = folder / "out"
        self.output.mkdir()

    def export(self, body: str, *, torch: bool = True, **changes: Any) -> Any:
        prelude = "import json, os, pathlib, sys\nworker, request, response = map(pathlib.Path, sys.argv[1:])\n"
        executable = self.python(self.folder / "python", prelude + body)
        torch_folder, version = (self.folder, "2.14.1") if torch else (None, None)
        interpreter = Interpreter(executable=executable, version="3.11", torch=torch_folder, torch_version=version)
        request = request_of(config(**changes), self.folder / "project")
        return export(request, interpreter, self.output, [self.folder / "a b"])

    def answer(self, document: dict[str, Any]) -> str:
        return f"response.write_text({json.dumps(document)!r}, encoding='utf-8')\n"

    def succeed(self) -> str:
        write = (
            "out = pathlib.Path(json.loads(request.read_text())['output']); (out / 'model.pt').write_bytes(b'model')\n"
        )
        return write + self.answer(RESPONSE)


@pytest.fixture
def worker(tmp_path: Path, python: Script) -> Worker:
    return Worker(tmp_path, python)


def test_a_good_answer_becomes_an_artifact_with_its_manifest(worker: Worker) -> None:
    artifact, sources = worker.export(worker.succeed(), model="net:Net")
    assert read(worker.output) == untimed(artifact)
    assert artifact.model == "net:Net"
    assert artifact.signature.outputs == (Node(name="output", dtype="float32", shape=None),)
    assert artifact.notes == ("a note",)
    assert [path.as_posix() for path in sources] == ["/nets/net.py"]


def test_the_worker_is_run_by_path_and_told_everything(worker: Worker) -> None:
    keep = """
assert (worker / "__main__.py").is_file()
(response.parent.parent / "kept.json").write_text(request.read_text())
"""
    worker.export(keep + worker.succeed(), model="pkg.net:Net", model_args=("n=3",), inputs=("x=Nx3:float32",), seed=4)
    request = json.loads((worker.folder / "kept.json").read_text(encoding="utf-8"))
    assert request.pop("tolerance")["float32"] == {"rtol": 1e-4, "atol": 1e-5}
    assert request == {
        "format": 2,
        "action": "export",
        "source": {"kind": "module", "module": "pkg.net", "attribute": "Net"},
        "label": "pkg.net:Net",
        "model_args": {"n": 3},
        "weights": "none",
        "seed": 4,
        "inputs": [
            {
                "name": "x",
                "dtype": "float32",
                "shape": ["N", 3],
                "sizes": {},
                "high": None,
                "is_value": False,
                "value": None,
            }
        ],
        "method": "auto",
        "without": {},
        "tune": "none",
        "runtime": "torchscript",
        "packaged": False,
        "reinit_weights": False,
        "unsafe_pickle": False,
        "preprocess": "",
        "op_libraries": [],
        "linked_libraries": [],
        "search_path": [str(worker.folder / "a b")],
        "output": str(worker.output),
    }


@pytest.mark.parametrize(
    ("model", "source"),
    [
        ("resnet18", {"kind": "torchvision", "name": "resnet18"}),
        ("../net.py:Net", {"kind": "file", "path": "{}/net.py", "attribute": "Net"}),
        ("m.pt", {"kind": "torchscript", "path": "{}/project/m.pt"}),
    ],
)
def test_paths_are_taken_from_the_project(tmp_path: Path, model: str, source: dict[str, str]) -> None:
    wanted = {key: value.format(tmp_path) for key, value in source.items()}
    assert request_of(config(model=model), tmp_path / "project").source == wanted


def test_weights_are_a_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "trained.pt").touch()
    request = request_of(config(weights="../trained.pt"), tmp_path / "project")
    assert request.weights == str(tmp_path / "trained.pt")


@pytest.mark.parametrize(("word", "said"), [("two.pt#ema", "no torch"), ("one.pt#ema", "there is no file")])
def test_the_key_in_a_file_of_weights_is_no_part_of_its_name(tmp_path: Path, word: str, said: str) -> None:
    (tmp_path / "two.pt").touch()
    python = Interpreter(executable=tmp_path / "python", version="3.11", torch=None, torch_version="")
    with pytest.raises(TsgenError, match=said):
        export(request_of(config(weights=word), tmp_path), python, tmp_path, [])


def test_a_file_may_have_the_mark_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "run#3.pt").touch()
    assert weights_file(str(tmp_path / "run#3.pt")) == (str(tmp_path / "run#3.pt"), "")
    assert weights_file(str(tmp_path / "run#3.pt#ema.module")) == (str(tmp_path / "run#3.pt"), "ema.module")


def test_missing_weights_are_named_when_they_are_needed(tmp_path: Path) -> None:
    """Not before: a clone without them keeps the model that was exported with them."""
    request = request_of(config(weights="trained.pt"), tmp_path)
    python = Interpreter(executable=tmp_path / "python", version="3.11", torch=tmp_path, torch_version="2.14.1")
    with pytest.raises(ConfigError, match="there is no file") as caught:
        export(request, python, tmp_path, [])
    assert str(tmp_path / "trained.pt") in caught.value.message


REFUSALS: list[tuple[FailureKind, type[TsgenError], int]] = [
    ("unknown_model", ConfigError, 2),
    ("input_needed", ConfigError, 2),
    ("bad_input", ConfigError, 2),
    ("no_torch", ToolMissingError, 6),
    ("unsafe", UnsafeError, 9),
    ("model_raised", ExportError, 4),
    ("unfaithful", ExportError, 4),
    ("bad_file", ExportError, 4),
    ("bad_weights", ExportError, 4),
    ("unsupported", ExportError, 4),
    ("write_failed", ExportError, 4),
    ("internal", TsgenError, 1),
]


@pytest.mark.parametrize(("kind", "raised", "code"), REFUSALS)
def test_a_refusal_keeps_its_words_and_gets_its_exit_code(
    worker: Worker, kind: str, raised: type[TsgenError], code: int
) -> None:
    error = {"kind": kind, "message": "what came", "hint": "what to do", "traceback": "net.py:3 in forward"}
    with pytest.raises(TsgenError) as caught:
        worker.export(worker.answer({"ok": False, "error": error}) + "sys.exit(1)")
    assert type(caught.value) is raised
    assert caught.value.exit_code == code
    assert (caught.value.message, caught.value.hint) == ("what came", "what to do")
    assert caught.value.details == "net.py:3 in forward"


def test_a_kind_of_refusal_that_is_not_known_is_a_bug(worker: Worker) -> None:
    error = {"kind": "a_kind_of_tomorrow", "message": "what came", "hint": "what to do", "traceback": ""}
    with pytest.raises(TsgenError, match="unknown kind 'a_kind_of_tomorrow': what came") as caught:
        worker.export(worker.answer({"ok": False, "error": error}) + "sys.exit(1)")
    assert caught.value.exit_code == 1
    assert "different versions" in caught.value.hint


def test_every_kind_of_failure_has_its_exit_code() -> None:
    assert {kind for kind, _, _ in REFUSALS} == set(get_args(FailureKind))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGKILL, "signal 9 (often: not enough memory)"), (signal.SIGSEGV, "signal 11 before")]
)
def test_a_killed_worker_is_told_as_such(worker: Worker, number: signal.Signals, told: str) -> None:
    body = f"print('the last words', file=sys.stderr, flush=True)\nos.kill(os.getpid(), {number.value})"
    with pytest.raises(ExportError) as caught:
        worker.export(body)
    assert told in caught.value.message
    assert caught.value.details == "the last words"


@pytest.mark.parametrize("body", ["os._exit(3)", "sys.exit(3)"])
def test_a_worker_that_ends_without_an_answer_is_told_as_such(worker: Worker, body: str) -> None:
    with pytest.raises(ExportError, match="ended with status 3 before it could answer"):
        worker.export(body)


@pytest.mark.parametrize(
    ("end", "way_out"),
    [
        pytest.param("os._exit(3)", "ended the process itself: look there for `os._exit`", id="ended itself"),
        pytest.param("os.kill(os.getpid(), 9)", "needs memory", id="out of memory"),
        pytest.param("os.abort()", "a library crashed", id="crashed"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
def test_a_worker_that_dies_is_told_with_its_last_step_and_a_way_out_of_that_death(
    worker: Worker, end: str, way_out: str
) -> None:
    with pytest.raises(ExportError, match=r"in its step `load net\.py:make` before it could answer") as caught:
        worker.export(f"print('import torch\\nload net.py:make', flush=True)\n{end}")
    assert way_out in caught.value.hint


@pytest.mark.parametrize("text", ["", '{"ok": tr'], ids=["empty", "half"])
def test_an_answer_that_is_not_whole_is_no_bug_of_tsgen(worker: Worker, text: str) -> None:
    """The disk was full, or the worker was killed while it wrote."""
    with pytest.raises(ExportError):
        worker.export(f"response.write_text({text!r})")


def test_a_python_without_torch_is_not_asked(worker: Worker) -> None:
    with pytest.raises(ToolMissingError, match="has no torch") as caught:
        worker.export("raise SystemExit('was run')", torch=False)
    assert caught.value.exit_code == 6
    assert "--python" in caught.value.hint


def test_the_phases_are_the_progress(worker: Worker, recorder: Recorder) -> None:
    worker.export("print('load net')\nprint('trace')\n" + worker.succeed())
    assert recorder.all("progress") == ["load net", "trace"]


def test_the_letters_between_the_two_are_gone_afterwards(worker: Worker) -> None:
    worker.export(worker.succeed())
    assert sorted(path.name for path in worker.folder.iterdir()) == ["out", "python", "python-source.py"]


CRASHING = """
asked = json.loads(request.read_text())
for way in ("trace", "script"):
    if way not in asked["without"]:
        print("probe the model", way, f"check {way}: ones", sep=chr(10), flush=True)
        (pathlib.Path(asked["output"]) / "half.pt").touch()
        os.kill(os.getpid(), %d)
(response.parent.parent / "kept.json").write_text(request.read_text())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
def test_a_way_that_ends_python_is_left_out(worker: Worker) -> None:
    worker.export(CRASHING % signal.SIGSEGV + worker.succeed())
    request = json.loads((worker.folder / "kept.json").read_text(encoding="utf-8"))
    words = "made a file that ended Python by signal 11 (SIGSEGV)"
    assert request["without"] == {"trace": words, "script": words}
    assert not (worker.output / "half.pt").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
@pytest.mark.parametrize(
    ("lines", "number"),
    [("trace", signal.SIGKILL), ("probe the model", signal.SIGSEGV), ("trace\ncases", signal.SIGSEGV)],
)
def test_what_no_way_is_to_blame_for_is_asked_once(worker: Worker, lines: str, number: signal.Signals) -> None:
    count = "(response.parent.parent / 'count').open('a').write('x')\n"
    with pytest.raises(ExportError, match=f"signal {number.value}"):
        worker.export(count + f"print({lines!r}, flush=True)\nos.kill(os.getpid(), {number.value})")
    assert (worker.folder / "count").read_text(encoding="utf-8") == "x"
