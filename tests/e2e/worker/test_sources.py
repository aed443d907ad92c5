"""Where models come from, and the sentences when they do not."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Arguments, Server

pytestmark = pytest.mark.e2e


def test_torchvision_traces_and_answers_depend_on_the_input(export: Server) -> None:
    answer = export("squeezenet1_1")
    assert answer.ok["method"] == "trace"
    assert answer.ok["exact"]
    assert answer.shape("inputs", "x") == "float32[N,3,224,224]"
    assert answer.shape("outputs", "output") == "float32[N,1000]"
    assert answer.ok["dims"] == {"N": 2}
    assert [case["name"] for case in answer.ok["cases"]] == ["ones", "random-1", "random-2", "size-N-3"]
    one, other = (answer.folder / "cases" / name / "output.output.npy" for name in ("random-1", "random-2"))
    assert one.read_bytes() != other.read_bytes()
    assert answer.ok["parameters"] > 1_000_000
    assert answer.ok["files"] == []
    assert "load squeezenet1_1" in answer.stdout


def test_unknown_torchvision_name_is_guessed(export: Server) -> None:
    error = export("resnt18").error
    assert error["kind"] == "unknown_model"
    assert "'resnet18'" in error["hint"]


CALL = """
import importlib, json, pathlib, runpy, sys, torch
runpy.run_path(sys.argv[1] + "/__main__.py", run_name="registered")["_register"]()
NAMES = ("messages", "reading", "sources")
messages, reading, sources = (importlib.import_module(f"tsgen_worker.{name}") for name in NAMES)
for request in sys.argv[2:]:
    loaded = sources.load(reading.value_of(messages.ExportRequest, reading.read(pathlib.Path(request))))
    example = loaded.example()
    for others in (False, True):
        sizes = {name: sizes[0] for name, sizes in example.other_sizes.items()} if others else {}
        call, places = {}, []
        for entry in example.inputs:
            shape = [{**entry.sizes, **sizes}.get(dim, 2) if isinstance(dim, str) else dim for dim in entry.shape]
            name, _, place = (entry.name or "").partition(".")
            value = torch.rand(shape)
            if place: call.setdefault(name, []).append(value)
            elif name: call[name] = value
            else: places.append(value)
        with torch.no_grad():
            answer = loaded.model.eval()(*places, **call)
    kind = sorted(answer[0]) if isinstance(answer[0], dict) else list(answer[0].shape)
    print(json.dumps([len(answer), kind, torch.backends.quantized.engine]))
"""


def test_other_families_take_the_example_that_is_known(
    model_python: Path, arguments_for: Arguments, tmp_path: Path
) -> None:
    """Called in eager only: the scripting of a detector takes a minute."""
    wanted: dict[str, dict[str, Any]] = {
        "ssdlite320_mobilenet_v3_large": {},
        "raft_small": {},
        "quantized_shufflenet_v2_x0_5": {"quantize": True},
    }
    requests, worker = [], ""
    for name, model_args in wanted.items():
        (tmp_path / name).mkdir()
        worker, request, _ = arguments_for(tmp_path / name, name, model_args=model_args)
        requests.append(request)
    command = [str(model_python), "-W", "ignore", "-c", CALL, worker, *requests]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    detector, flow, quantized = (json.loads(line) for line in ran.stdout.splitlines())
    assert detector[:2] == [2, ["boxes", "labels", "scores"]]
    assert flow[:2] == [12, [2, 2, 136, 160]]
    assert quantized == [2, [1000], "fbgemm"]


def test_wrong_model_argument_of_torchvision(export: Server) -> None:
    error = export("resnet18", model_args={"colour": 3}).error
    assert error["kind"] == "bad_input"
    assert "colour" in error["message"]


def test_weights_that_cannot_be_downloaded(export: Server, tmp_path: Path) -> None:
    nowhere = {"TORCH_HOME": str(tmp_path), "https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    error = export("squeezenet1_1", weights="DEFAULT", environment=nowhere).error
    assert error["kind"] == "bad_weights"
    assert "cannot be downloaded" in error["message"]


def test_module_and_its_imported_file(export: Server) -> None:
    answer = export("branches:Straight", "Nx8")
    assert answer.ok["method"] == "trace"
    assert [name.rpartition("/")[2] for name in answer.ok["files"]] == ["branches.py"]


def test_missing_module(export: Server) -> None:
    error = export("brnches:Straight", "Nx8").error
    assert error["kind"] == "unknown_model"
    assert "'brnches'" in error["message"]


def test_missing_attribute_is_guessed_among_models(export: Server) -> None:
    error = export("branches.py:Straigth", "Nx8").error
    assert error["kind"] == "unknown_model"
    assert "'Straight'" in error["hint"]
    assert "NamedTuple" not in error["hint"]


@pytest.mark.parametrize(("spec", "words"), [("nowhere.py:Net", "does not exist"), ("../models.py:Net", "not exist")])
def test_missing_file(export: Server, spec: str, words: str) -> None:
    error = export(spec).error
    assert error["kind"] == "unknown_model"
    assert words in error["message"]


def test_syntax_error_names_the_line(export: Server, tmp_path: Path) -> None:
    (tmp_path / "broken model.py").write_text("import torch\n\ndef build(:\n")
    source = {"kind": "file", "path": str(tmp_path / "broken model.py"), "attribute": "build"}
    error = export("x", source=source).error
    assert error["kind"] == "model_raised"
    assert "broken model.py:3" in error["message"]
    assert "def build(:" in error["message"]


def test_missing_import_inside_the_users_file(export: Server, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("import nonsense_that_is_not_there\n")
    error = export("x", source={"kind": "file", "path": str(tmp_path / "net.py"), "attribute": "build"}).error
    assert error["kind"] == "model_raised"
    assert "nonsense_that_is_not_there" in error["message"]
    assert "net.py" in error["traceback"]


def test_file_beside_modules_called_like_ours(export: Server, tmp_path: Path) -> None:
    """The worker has inputs.py, values.py, compare.py, ...: the user's own must win."""
    (tmp_path / "values.py").write_text("SCALE = 3\n")
    (tmp_path / "run.py").write_text(
        "import torch\nfrom values import SCALE\n"
        "class Net(torch.nn.Module):\n    def forward(self, x):\n        return x * SCALE\n"
    )
    answer = export("x", "Nx8", source={"kind": "file", "path": str(tmp_path / "run.py"), "attribute": "Net"})
    assert answer.ok["method"] == "trace"
    assert [name.rpartition("/")[2] for name in answer.ok["files"]] == ["run.py", "values.py"]


def test_instance(export: Server) -> None:
    assert export("misbehaving.py:instance", "Nx8").shape("outputs", "output") == "float32[N,2]"


def test_instance_takes_no_arguments(export: Server) -> None:
    assert export("misbehaving.py:instance", "Nx8", model_args={"rows": 3}).error["kind"] == "bad_input"


def test_class_with_arguments(export: Server) -> None:
    answer = export("misbehaving.py:Straight", "Nx8", model_args={"features": 8, "rows": 5})
    assert answer.shape("outputs", "output") == "float32[N,5]"


def test_class_without_its_arguments_shows_the_signature(export: Server) -> None:
    error = export("misbehaving.py:Straight", "Nx8").error
    assert error["kind"] == "bad_input"
    assert "features" in error["message"]
    assert "rows" in error["message"]
    assert "--model-arg" in error["hint"]


def test_not_a_module(export: Server) -> None:
    error = export("misbehaving.py:number", "Nx8").error
    assert error["kind"] == "bad_input"
    assert "an int" in error["message"]


def test_raising_factory_shows_the_users_frames_only(export: Server) -> None:
    error = export("misbehaving.py:raising", "Nx8").error
    assert error["kind"] == "model_raised"
    assert "KeyError: 'features'" in error["message"]
    assert "in _deeper" in error["traceback"]
    assert "tsgen/worker" not in error["traceback"]
    inside = export("misbehaving.py:raising_in_torch", "Nx8").error
    assert "nn.Conv2d(3, 4, 3, groups=2)" in inside["traceback"]
    assert "site-packages" not in inside["traceback"]


@pytest.mark.parametrize(
    ("body", "words", "hint"),
    [
        ("open('weights/best.pth')", "needs the file weights/best.pth, which is not there", "--model-arg"),
        ("nn.Linear(2, 2).to('cuda')", "needs a GPU", "on the CPU"),
        ("raise RuntimeError('No CUDA GPUs are available')", "needs a GPU", "on the CPU"),
        ("urllib.request.urlopen('http://127.0.0.1:9/weights')", "needs the network", "beforehand"),
    ],
)
def test_factory_that_wants_what_this_machine_has_not(
    export: Server, tmp_path: Path, body: str, words: str, hint: str
) -> None:
    code = f"import urllib.request\nfrom torch import nn\ndef build():\n    {body}\n    return nn.Linear(8, 2)\n"
    (tmp_path / "wants.py").write_text(code)
    gpus = {"CUDA_VISIBLE_DEVICES": ""}
    source = {"kind": "file", "path": str(tmp_path / "wants.py"), "attribute": "build"}
    error = export("wants.py:build", "Nx8", source=source, environment=gpus).error
    assert error["kind"] == "model_raised"
    assert words in error["message"]
    assert hint in error["hint"]
    assert "wants.py" in error["traceback"]


def test_factory_that_runs_out_of_memory(export: Server, tmp_path: Path) -> None:
    (tmp_path / "vast.py").write_text("import torch\ndef build():\n    return torch.nn.Linear(2**31, 2**31)\n")
    source = {"kind": "file", "path": str(tmp_path / "vast.py"), "attribute": "build"}
    error = export("vast.py:build", "Nx8", source=source).error
    assert error["kind"] == "unsupported"
    assert "not enough memory" in error["message"]


def test_factory_that_leaves_the_program(export: Server) -> None:
    error = export("misbehaving.py:leaving", "Nx8").error
    assert error["kind"] == "model_raised"
    assert "no model today" in error["message"]


def test_prints_of_the_user_stay_out_of_the_progress(export: Server) -> None:
    answer = export("misbehaving.py:talking", "Nx8")
    assert answer.ok
    assert "hello" not in answer.stdout
    assert "hello from the factory" in answer.stderr
    assert "hello from C++" in answer.stderr


def test_lazy_layers(export: Server) -> None:
    answer = export("misbehaving.py:Lazy", "Nx8")
    assert answer.shape("outputs", "output") == "float32[N,3]"
    assert answer.ok["parameters"] == 27


def test_the_same_seed_gives_the_same_weights(export: Server) -> None:
    outputs = [
        (export("misbehaving.py:Straight", "Nx8", model_args={"features": 8}, seed=seed).folder / path).read_bytes()
        for seed in (1, 1, 2)
        for path in ["cases/ones/output.output.npy"]
    ]
    assert outputs[0] == outputs[1] != outputs[2]
