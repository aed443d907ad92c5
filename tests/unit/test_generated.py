"""What is committed but made from the code: it must be what the code says now."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tsgen.cli.output import plain
from tsgen.types import (
    Artifact,
    Build,
    Case,
    ErrorReport,
    Failure,
    LibTorch,
    Node,
    OperatorLibrary,
    Outcome,
    OutputParity,
    ParityReport,
    Project,
    Reason,
    Signature,
    Tolerance,
    Verdict,
)

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/reference/outcome.schema.json").read_text(encoding="utf-8"))

LIBTORCH_SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/reference/libtorch.schema.json").read_text(encoding="utf-8"))

LEAF = Node(name="x", dtype="float32", shape=("N", 3))
OUTCOME = Outcome(
    project=Project(name="myapp", root=Path("/p/myapp")),
    libtorch=LibTorch(
        version="2.14.1+cu130",
        platform="linux-x86_64",
        accelerator="cu130",
        build_type="release",
        cxx11_abi=True,
        cxx_standard=20,
        origin="installed",
        root=Path("/t/torch"),
    ),
    artifact=Artifact(
        path=Path("/p/myapp/model/model.pt"),
        model="resnet18",
        method="trace",
        torch_version="2.14.1+cu130",
        sha256="00",
        signature=Signature(
            inputs=(LEAF, Node(name="k", kind="int", optional=True)),
            outputs=(Node(name="", kind="record", type="Out"), Node(name="v", kind="constant", type="int", value=3)),
            dims={"N": 2},
            methods={"encode": Signature(inputs=(LEAF,), outputs=(Node(name="output", shape=None),))},
        ),
        cases=(Case(name="ones", python_milliseconds=20.3, method="encode"),),
        exact=True,
        cpu="",
        parameters=1,
        select=(1,),
        libraries=(OperatorLibrary(namespace="torchvision", file="_C_stable.so"),),
    ),
    build=Build(
        executable=Path("/p/myapp/build/release/myapp"),
        runner=Path("/p/myapp/build/release/myapp-runner"),
        compiler="g++ 12.2",
        generator="Ninja",
        build_type="release",
        cmake="3.31.0",
    ),
    parity=ParityReport(
        passed=False,
        demand="tolerance",
        reason="2 threads",
        tolerance={"float32": Tolerance(rtol=1e-4, atol=1e-5)},
        devices={"cpu": Verdict("failed"), "cuda": Verdict("not exercised", Reason("cpu_first"))},
        cases=(
            OutputParity(
                name="ones", output="output", passed=False, max_abs=None, max_rel=0.5, mismatches=1, index=(0, 1)
            ),
        ),
        milliseconds=1.0,
        python_milliseconds=2.0,
    ),
    timings={"render": 0.1},
    up_to_date=("export",),
)
FAILURE = Failure(error=ErrorReport(code=2, message="m", hint="h"))


def test_nothing_generated_is_stale() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("value", [OUTCOME, Outcome(), FAILURE], ids=["all of it", "nothing", "a failure"])
def test_what_is_printed_fits_the_schema(value: Any) -> None:
    jsonschema.validate(json.loads(json.dumps(plain(value))), SCHEMA)


def test_the_example_has_every_key() -> None:
    assert set(plain(OUTCOME)) == {field.name for field in fields(Outcome)}


@pytest.mark.parametrize("wrong", [{"porject": {}}, {"timings": {"render": "fast"}}, {"error": {"code": 2}}])
def test_the_schema_refuses_what_is_not_documented(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)
