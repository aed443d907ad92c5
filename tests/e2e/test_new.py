"""`tsgen new myapp --model resnet18`: the main job, and what a second run does."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from .conftest import REPOSITORY, make, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Made, Tsgen

SCHEMA = json.loads((REPOSITORY / "docs/reference/outcome.schema.json").read_text(encoding="utf-8"))


def test_the_outcome_is_a_bit_exact_proof_on_every_case(resnet: Made) -> None:
    parity = resnet.outcome["parity"]
    assert parity["passed"]
    assert parity["demand"] == "exact"
    assert parity["devices"] == {"cpu": "proven"}
    assert [case["name"] for case in parity["cases"]] == ["ones", "random-1", "random-2", "size-N-3"]
    assert {case["max_abs"] for case in parity["cases"]} == {0.0}


def test_the_outcome_follows_its_documented_schema(resnet: Made) -> None:
    jsonschema.validate(resnet.outcome, SCHEMA)


def test_the_signature_names_the_batch(resnet: Made) -> None:
    signature = resnet.outcome["artifact"]["signature"]
    (x,), (output,) = signature["inputs"], signature["outputs"]
    assert (x["name"], x["kind"], x["dtype"], x["shape"]) == ("x", "tensor", "float32", ["N", 3, 224, 224])
    assert (output["name"], output["dtype"], output["shape"]) == ("output", "float32", ["N", 1000])


def test_the_five_steps_are_timed(resnet: Made) -> None:
    assert list(resnet.outcome["timings"]) == ["render", "resolve", "export", "build", "prove"]


def test_the_program_says_what_the_tutorial_says(resnet: Made) -> None:
    ended = run(resnet.program)
    assert ended.status == 0
    first, second = ended.stdout.splitlines()
    assert first == "ok"
    assert re.fullmatch(r"output float32\[2,1000\]:( -?\d+\.\d{4}){5}", second)


def test_the_runner_proves_the_model_without_tsgen(resnet: Made) -> None:
    ended = run(resnet.runner, "--verify")
    assert ended.status == 0
    assert ended.stdout.splitlines()[-1].startswith("verified: 4 cases, C++ = Python, bit for bit")


def test_a_second_build_has_nothing_to_do(resnet: Made, tsgen: Tsgen) -> None:
    begun = time.monotonic()
    ended = tsgen("build", resnet.root)
    seconds = time.monotonic() - begun
    assert ended.status == 0, ended.stderr
    assert ended.stdout.splitlines()[-1].strip().startswith("myapp is up to date, nothing to do")
    assert seconds < 10  # an export or a compile would take longer; the real figure is a benchmark


def test_test_proves_again(resnet: Made, tsgen: Tsgen) -> None:
    outcome = tsgen("test", resnet.root, "--json").document
    assert outcome["parity"]["passed"]
    assert outcome["up_to_date"] == []


@pytest.mark.parametrize("change", ["seed", "source"])
def test_a_change_redoes_only_what_depends_on_it(change: str, resnet: Made, tsgen: Tsgen) -> None:
    path = resnet.root / ("tsgen.toml" if change == "seed" else "src/main.cpp")
    before = path.read_text(encoding="utf-8")
    after = before + ("seed = 1\n" if change == "seed" else "// touched\n")
    try:
        path.write_text(after, encoding="utf-8")
        outcome = tsgen("build", resnet.root, "--json").document
    finally:
        path.write_text(before, encoding="utf-8")
        assert tsgen("build", resnet.root).status == 0
    assert outcome["parity"]["passed"]
    kept = "build" if change == "seed" else "export"
    assert [step for step in ("export", "build") if step in outcome["up_to_date"]] == [kept]


def test_a_changed_main_recompiles_one_file(resnet: Made, tsgen: Tsgen) -> None:
    (resnet.root / "src/main.cpp").touch()
    assert tsgen("build", resnet.root).status == 0
    log = (resnet.root / "build/release/tsgen-build.log").read_text(encoding="utf-8")
    assert re.findall(r"Building CXX object \S+/(\S+)\.o", log) == ["main.cpp"]


def test_one_changed_weight_fails_both_proofs(resnet: Made, tsgen: Tsgen, model_python: Path) -> None:
    model = resnet.root / "model/model.pt"
    before = model.read_bytes()
    try:
        ended = run(model_python, "-c", CHANGE_A_WEIGHT, model)
        assert ended.status == 0, ended.stderr
        ran, tested = run(resnet.runner, "--verify"), tsgen("test", resnet.root)
    finally:
        model.write_bytes(before)
    assert ran.status == 1
    assert re.search(r"ones.*output.*\[0,\d+\]", ran.stdout)
    assert tested.status == 8
    assert re.search(r"case ones, output output, index \[0,\d+\]: C\+\+ \S+, Python \S+", tested.stderr)


def test_one_flipped_bit_of_a_saved_output_fails_both_proofs(resnet: Made, tsgen: Tsgen) -> None:
    saved = resnet.root / "model/cases/random-1/output.output.npy"
    before = saved.read_bytes()
    try:
        saved.write_bytes(before[:-4] + bytes([before[-4] ^ 1]) + before[-3:])
        ran, tested = run(resnet.runner, "--verify"), tsgen("test", resnet.root)
    finally:
        saved.write_bytes(before)
    assert (ran.status, tested.status) == (1, 8)
    assert "case random-1, output output, index [1,999]" in tested.stderr


def test_a_wrong_runner_is_not_believed(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    """The runner's own verdict is checked: one that claims success and writes wrong outputs does not pass."""
    liar = resnet.runner
    honest = liar.with_name("honest")
    liar.rename(honest)
    try:
        liar.write_text(LIAR.format(honest=honest), encoding="utf-8")
        liar.chmod(0o755)
        ended = tsgen("test", resnet.root)
    finally:
        honest.replace(liar)
    assert ended.status == 8
    assert "C++ and Python differ: case ones" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_moved_project_is_built_again_where_it_stands(resnet: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    """Nothing that is committed holds an absolute path, and a build folder made elsewhere does not stop it."""
    moved = tmp_path / "other"
    run("cp", "-r", resnet.root, moved)
    outcome = tsgen("build", moved, "--json").document
    assert outcome["parity"]["passed"]
    assert outcome["up_to_date"] == ["export"]
    committed = ["tsgen.toml", "tsgen.lock", "model/manifest.json", "CMakePresets.json", "CMakeLists.txt"]
    assert not [name for name in committed if str(resnet.root.parent) in (moved / name).read_text(encoding="utf-8")]


def test_words_on_a_pipe_are_plain_lines(tsgen: Tsgen, resnet: Made) -> None:
    ended = tsgen("test", resnet.root)
    assert [line.split()[0] for line in ended.stdout.splitlines()] == ["Resolve", "Prove", "myapp"]
    assert "\x1b" not in ended.stdout


def test_debug_is_its_own_build(resnet: Made, tsgen: Tsgen) -> None:
    outcome: dict[str, Any] = tsgen("build", resnet.root, "--build-type", "debug", "--json").document
    assert outcome["build"]["executable"].endswith("build/debug/myapp")
    assert outcome["build"]["runner"].endswith("build/debug/myapp-runner")
    assert outcome["parity"]["passed"]
    assert outcome["up_to_date"] == ["export"]


def test_a_path_of_awkward_characters_works(tsgen: Tsgen, tmp_path: Path) -> None:
    parent = tmp_path / "Größe 'ä' $HOME"
    parent.mkdir()
    (parent / "müde.py").write_text(NET, encoding="utf-8")
    made = make(tsgen, parent, "myapp", "--model", parent / "müde.py:Net", "--input", "x=Nx4")
    assert made.outcome["parity"]["passed"]
    assert run(made.runner, "--verify", cwd=tmp_path).status == 0
    assert 'model = "../müde.py:Net"' in (made.root / "tsgen.toml").read_text(encoding="utf-8")


CHANGE_A_WEIGHT = """
import sys, torch
path = sys.argv[1]
extra = {"signature.tsgen": ""}
model = torch.jit.load(path, _extra_files=extra)
with torch.no_grad():
    model.fc.weight[7, 7] += 0.5
torch.jit.save(model, path, _extra_files=extra)
"""

LIAR = """#!/bin/sh
# Runs the honest program, then spoils the last byte of one output it wrote.
"{honest}" "$@" || exit $?
while [ $# -gt 0 ]; do [ "$1" = --output ] && folder="$2"; shift; done
printf '\\377' | dd of="$folder/ones/output.output.npy" bs=1 seek=200 conv=notrunc 2>/dev/null
"""

NET = """
import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(4, 3)

    def forward(self, x):
        return self.layer(x)
"""
