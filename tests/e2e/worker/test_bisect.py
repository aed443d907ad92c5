"""`tsgen test --bisect` finds what was spoilt. The program is resnet18's, as one program runs every model."""

from __future__ import annotations

import importlib
import json
import shutil
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import config, model
from tsgen.commands import bisect
from tsgen.system import codec
from tsgen.toolchain import interpreter
from tsgen.worker.messages import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Made

    from .conftest import Server

MODELS = Path(__file__).parent / "models" / "bisected.py"
NETS = {
    "Net": ["x=2x3x8x8"],
    "Loop": ["x=2x4", "turns==3"],
    "Counter": ["x=2x4"],
    "quantized": ["input=2x8x8x8"],
}


@pytest.fixture
def project(
    resnet: Made, export: Server, model_python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """A project of one of the models with the program that is there; what the worker is asked goes to the server."""

    def ask(action: str, request: Any, *_: object) -> dict[str, Any]:
        answer = export.asked({"format": FORMAT, "action": action, **codec.plain(request)}).ok
        return {key: item for key, item in answer.items() if key != "ok"}

    for asking in ("tsgen.model.export", "tsgen.model.bisect"):  # by name: tsgen.model has a function `export`
        monkeypatch.setattr(importlib.import_module(asking), "ask", ask)
    found = interpreter.find(str(model_python))
    monkeypatch.setattr(interpreter, "find", lambda *_: found)

    def made(name: str) -> Path:
        program = tmp_path / "build" / "release" / resnet.runner.name
        program.parent.mkdir(parents=True)
        shutil.copy(resnet.runner, program)
        settings = {"name": "myapp", "model": f"{MODELS}:{name}", "inputs": NETS[name]}
        (tmp_path / "tsgen.toml").write_text(
            "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()), encoding="utf-8"
        )
        (tmp_path / "model").mkdir()
        request = model.request_of(config.load(tmp_path), tmp_path)
        model.export(request, found, tmp_path / "model", [])
        return tmp_path

    return made


def changed(file: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write the model file again, with other contents."""
    with zipfile.ZipFile(file) as old:
        contents = [(item, old.read(item)) for item in old.infolist()]
    with zipfile.ZipFile(file, "w") as new:
        for item, data in contents:
            new.writestr(item, change(item.filename, data))


def source(mark: str) -> str:
    """The line of the models' file that ends with the mark, as it is told."""
    lines = MODELS.read_text(encoding="utf-8").splitlines()
    number, line = next((number, line) for number, line in enumerate(lines, 1) if mark in line)
    return f"{MODELS.name}:{number}: {line.strip()}"


def test_branches_and_loops_are_followed(project: Callable[[str], Path]) -> None:
    found = bisect.bisect(project("Loop"), {})
    python, cpp = found.comparisons
    assert not found.differs
    assert not python.lost
    assert not cpp.lost
    assert cpp.before
    assert (cpp.before.operator, cpp.before.source) == ("aten::gt", source("right > 0"))
    # In each of three turns the condition (sum, gt) and a side of the branch; at the end chunk's two halves and gt.
    assert cpp.operators in range(3 * 3 + 3, 3 * 4 + 3 + 1)


def test_a_state_is_followed_from_the_first_call(project: Callable[[str], Path]) -> None:
    found = bisect.bisect(project("Counter"), {}, "step-3-ones")
    assert not found.differs
    assert not found.notes
    assert [comparison.operators for comparison in found.comparisons] == [3, 3]


def test_a_weight_that_is_another_in_the_file(project: Callable[[str], Path]) -> None:
    root = project("Net")
    weight = struct.pack("<8f", *[0.625] * 8)

    def spoil(name: str, data: bytes) -> bytes:
        return data.replace(weight, weight[:-4] + struct.pack("<f", 0.5)) if "/data/" in name else data

    changed(root / "model" / "model.pt", spoil)
    found = bisect.bisect(root, {})
    python, cpp = found.comparisons
    assert found.differs
    assert python.before
    assert python.before.operator == "aten::mean"
    assert python.differs
    assert (python.differs.operator, python.differs.source) == ("aten::addmm", source("# the weight"))
    assert python.gap
    assert python.gap.max_abs
    assert cpp.agree
    assert found.notes == (
        "model/model.pt is not the file that was exported",
        "the file's fc.weight is not what the model has",
    )


def test_an_engine_that_the_program_does_not_know_of(project: Callable[[str], Path]) -> None:
    root = project("quantized")

    def spoil(name: str, data: bytes) -> bytes:
        return data.replace(b"engine\tqnnpack\n", b"") if name.endswith("signature.tsgen") else data

    changed(root / "model" / "model.pt", spoil)
    found = bisect.bisect(root, {}, "random-1")
    python, cpp = found.comparisons
    assert found.case == "random-1"
    assert python.agree
    assert cpp.before
    assert cpp.before.operator == "aten::quantize_per_tensor"
    assert cpp.differs
    assert (cpp.differs.operator, cpp.differs.module) == ("quantized::conv2d", "1")
    assert cpp.gap
    assert cpp.gap.max_abs


def test_a_file_that_is_no_torchscript_is_refused_as_such(export: Server, tmp_path: Path) -> None:
    artifact = tmp_path / "model.pt"
    artifact.write_text("junk", encoding="utf-8")
    wanted = {
        "source": {"kind": "file", "path": str(MODELS), "attribute": "Net"},
        "label": "Net",
        "output": str(tmp_path),
    }
    asked = {"export": wanted, "artifact": str(artifact), "case": "random-0", "exact": True}
    answer = export.asked({"format": FORMAT, "action": "bisect", **asked})
    assert answer.error["kind"] == "bad_file"
    assert "model.pt" in answer.error["message"]
