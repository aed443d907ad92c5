"""The words of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.console import summaries
from tsgen.types import PROVEN, Node, Reason, Signature, Verdict

from .make import artifact, leaf, libtorch, node, parity, report

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("installed", "from the installed torch"),
        ("path", "from the folder you named"),
        ("conan", "from Conan"),
        ("wheel", "from its wheel"),
        ("archive", "from PyTorch's archive"),
        ("x", "from x"),
    ],
)
def test_a_libtorch_is_told_with_its_origin(origin: str, words: str) -> None:
    said = summaries.resolved(libtorch(version="2.14.1+cu130", accelerator="cu130", origin=origin))
    assert said == ("LibTorch 2.14.1 cu130", "linux-x86_64", f"release   {words}")


def test_a_model_is_told_with_its_signature() -> None:
    signature = Signature(
        inputs=(leaf("x", "float32", "N", 3), leaf("scale", "float64")),
        outputs=(node("", "tuple"), leaf("0", "int64", "N"), Node(name="1", dtype="bool", shape=None)),
    )
    said = summaries.exported(artifact(signature=signature))
    assert said == ("net.py:Net", "trace", "float32[N,3], float64[] -> (int64[N], bool[?])")


def test_exported_methods_are_told_by_their_names() -> None:
    methods = {"encode": Signature(inputs=(), outputs=()), "decode": Signature(inputs=(), outputs=())}
    signature = Signature(inputs=(leaf("x"),), outputs=(leaf("output"),), methods=methods)
    said = summaries.exported(artifact(signature=signature))
    assert said[2:] == ("float32[] -> float32[]", "methods encode, decode")


def test_an_exact_proof_is_told_bit_for_bit() -> None:
    said = summaries.proven(report(), artifact())
    assert said == ("2 cases", "C++ = Python, bit for bit", "1.5 ms a call (Python 3 ms)")


def test_a_proof_within_a_tolerance_is_told_with_its_reason_and_gap() -> None:
    cases = (parity(max_abs=1e-6), parity(max_abs=None), parity(max_abs=2.5e-6))
    made = report(*cases, demand="tolerance", reason="another CPU")
    assert summaries.proven(made, artifact()) == (
        "2 cases",
        "C++ = Python within tolerance, largest difference 2.5e-06 (another CPU)",
        "1.5 ms a call (Python 3 ms)",
    )


def test_a_large_model_is_told_unless_git_lfs_has_it(tmp_path: Path) -> None:
    made = artifact(tmp_path / "model")
    made.path.parent.mkdir()
    for size, told in ((50_000_000, False), (50_000_001, True), (102_000_000, True)):
        with made.path.open("wb") as file:
            file.truncate(size)
        assert bool(summaries.heavy(made, lfs=False)) is told
        assert not summaries.heavy(made, lfs=True)
    note = summaries.heavy(made, lfs=False)
    assert note.startswith("model/model.pt has 102 MB")
    assert "`tsgen new --lfs`" in note


def test_a_slow_model_is_told_in_plain_numbers() -> None:
    assert "e+" not in summaries.proven(report(milliseconds=1234.5, python_milliseconds=25000.0), artifact())[2]


def test_a_time_that_nobody_knows_is_not_told() -> None:
    assert summaries.proven(report(python_milliseconds=None), artifact())[2] == "1.5 ms a call"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (PROVEN, "cuda: C++ = Python within tolerance"),
        (
            Verdict("not exercised", Reason("absent", "no NVIDIA driver on this machine")),
            "cuda: not exercised (no NVIDIA driver)",
        ),
    ],
)
def test_each_device_is_told_when_there_are_two(verdict: Verdict, words: str) -> None:
    made = report(devices={"cpu": PROVEN, "cuda": verdict})
    assert summaries.proven(made, artifact())[1:3] == ("cpu: C++ = Python, bit for bit", words)
