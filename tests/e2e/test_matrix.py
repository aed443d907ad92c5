"""`tsgen matrix` on a real project: legs run, are kept, fail alone, are interrupted and merged."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import REPOSITORY, make

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Made, Tsgen

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="the legs are told for linux-x86_64"
)
MATRIX = """
[matrix]
build_type = ["release", "debug"]
compiler = ["g++", "msvc"]
include = [{ platform = "windows-x86_64", build_type = "release", compiler = "msvc" }]
"""
RELEASE, DEBUG = "cpu-release-g++", "cpu-debug-g++"


@pytest.fixture(scope="module")
def project(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    model = REPOSITORY / "examples/my_module/model.py:build"
    made = make(tsgen, tmp_path_factory.mktemp("legs"), "myapp", "--model", model)
    with (made.root / "tsgen.toml").open("a", encoding="utf-8") as stream:
        stream.write(MATRIX)
    return made


@pytest.fixture(scope="module")
def ran(tsgen: Tsgen, project: Made) -> dict[str, Any]:
    ended = tsgen("matrix", project.root, "--run", "--json")
    assert ended.status == 0, ended.stdout + ended.stderr
    return ended.document


def states(report: dict[str, Any]) -> dict[str, str]:
    return {leg["name"].partition("cpu-")[2]: leg["state"] for leg in report["legs"]}


def building(root: Path) -> int:
    """How many legs compile."""
    return sum("== Build" in log.read_text(encoding="utf-8") for log in root.glob("build/matrix/*/leg.log"))


def test_each_leg_ends_in_its_own_state(ran: dict[str, Any], project: Made) -> None:
    assert states(ran) == {
        "release-g++": "proven",
        "release-msvc": "elsewhere",
        "debug-g++": "proven",
        "debug-msvc": "impossible",
    }
    release = next(leg for leg in ran["legs"] if leg["name"].endswith(RELEASE))
    assert release["parity"]["demand"] == "exact"
    assert release["measured"]["cold_start_milliseconds"] > 0
    assert release["measured"]["program_bytes"] > 10_000
    folder = project.root / "build/matrix"
    assert "== Prove" in (folder / release["log"]).read_text(encoding="utf-8")
    assert json.loads((folder / "matrix.json").read_text(encoding="utf-8"))["legs"] == [
        {**leg, "up_to_date": False} for leg in ran["legs"]
    ]
    assert release["name"] in (folder / "matrix.html").read_text(encoding="utf-8")


def test_a_second_run_repeats_nothing_until_an_input_changes(tsgen: Tsgen, project: Made, ran: dict[str, Any]) -> None:
    again = tsgen("matrix", project.root, "--run", "--json").document
    assert [leg["up_to_date"] for leg in again["legs"] if leg["strategy"]] == [True, True]
    assert [leg["date"] for leg in again["legs"]] == [leg["date"] for leg in ran["legs"]]
    source = project.root / "src/main.cpp"
    before = source.read_text(encoding="utf-8")
    try:
        source.write_text(before + "// touched\n", encoding="utf-8")
        touched = tsgen("matrix", project.root, "--run", "--leg", RELEASE, "--json").document
        assert [leg["up_to_date"] for leg in touched["legs"]] == [False]
    finally:
        source.write_text(before, encoding="utf-8")


def test_a_leg_that_fails_stops_no_other_and_is_tried_again(tsgen: Tsgen, project: Made, ran: dict[str, Any]) -> None:
    assert ran
    source = project.root / "src/main.cpp"
    before = source.read_text(encoding="utf-8")
    try:
        source.write_text(before + '#ifndef NDEBUG\n#error "not in debug"\n#endif\n', encoding="utf-8")
        ended = tsgen("matrix", project.root, "--run", "--json")
    finally:
        source.write_text(before, encoding="utf-8")
    assert ended.status == 7
    found = {leg["name"].partition("cpu-")[2]: leg for leg in ended.document["legs"]}
    assert found["release-g++"]["state"] == "proven"
    assert found["debug-g++"]["state"] == "failed"
    assert "did not compile" in found["debug-g++"]["reason"]
    assert tsgen("matrix", project.root, "--run").status == 0


def test_a_library_that_computes_something_else_is_a_failed_parity(
    tsgen: Tsgen, project: Made, ran: dict[str, Any]
) -> None:
    assert ran
    source = project.root / "third_party/tsgen/src/core/buffer.cpp"
    before = source.read_text(encoding="utf-8")
    copied = "std::memcpy(buffer.get(), tensor.data(), tensor.bytes());"
    assert copied in before
    try:
        spoilt = f"{{ {copied} buffer.get()[3] ^= std::byte{{0x40}}; }}"
        source.write_text(before.replace(copied, spoilt), encoding="utf-8")
        ended = tsgen("matrix", project.root, "--run", "--leg", RELEASE, "--json")
    finally:
        source.write_text(before, encoding="utf-8")
    assert ended.status == 8, ended.stderr
    (leg,) = ended.document["legs"]
    assert (leg["state"], leg["parity"]["passed"]) == ("failed", False)
    assert "C++ and Python differ: case" in leg["reason"]


def test_ctrl_c_leaves_a_state_to_go_on_from(project: Made, model_python: Path, tmp_path: Path) -> None:
    root = shutil.copytree(project.root, tmp_path / "myapp", ignore=shutil.ignore_patterns("build"))
    command = [sys.executable, "-m", "tsgen", "matrix", str(root), "--run", "--jobs", "2"]
    # With what was compiled before it would be done before anybody could interrupt it.
    env = {**os.environ, "TSGEN_PYTHON": str(model_python), "CCACHE_DISABLE": "1"}
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + 120
    while running.poll() is None and time.monotonic() < deadline and building(root) < 2:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 130, output
    assert "goes on from there" in output
    listed = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(root / "build/matrix") not in listed
    assert not list(root.rglob("result.json"))


def test_results_of_several_machines_become_one_report(
    tsgen: Tsgen, project: Made, ran: dict[str, Any], tmp_path: Path
) -> None:
    assert ran
    assert tsgen("matrix", project.root, "--run").status == 0
    for name in (RELEASE, DEBUG):
        target = tmp_path / "downloaded" / name
        target.mkdir(parents=True)
        shutil.copy(next((project.root / "build/matrix").glob(f"*{name}")) / "result.json", target)
    merged = tsgen("matrix", project.root, "--merge", tmp_path / "downloaded", "--json")
    assert merged.status == 0, merged.stderr
    assert states(merged.document)["debug-g++"] == "proven"
    shutil.rmtree(tmp_path / "downloaded" / DEBUG)
    lacking = tsgen("matrix", project.root, "--merge", tmp_path / "downloaded", "--json")
    assert lacking.status == 7
    assert "no machine brought its result" in lacking.stdout


def test_a_leg_that_cannot_be_done_here_is_not_green_when_it_is_named(tsgen: Tsgen, project: Made) -> None:
    assert tsgen("matrix", project.root, "--run", "--leg", "windows").status == 6
    wrong = tsgen("matrix", project.root, "--run", "--leg", "nothing")
    assert wrong.status == 2
    assert "no leg fits `nothing`" in wrong.stderr
