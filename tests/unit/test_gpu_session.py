"""What `nox -s gpu` says of its models, and how it ends."""

from __future__ import annotations

import pytest

from tests.gpu.__main__ import SKIPPED, _verdict
from tests.gpu.parity import Result

BOTH = {"cpu": "proven", "cuda": "proven"}
ABSENT = {"cpu": "proven", "cuda": "not exercised: no NVIDIA driver on this machine"}


def result(name: str = "lstm", error: str = "", **states: str) -> Result:
    return Result(name, states, 1.0, error)


@pytest.mark.parametrize(
    ("results", "sentence", "status"),
    [
        ([result(**BOTH), result("bert", **BOTH)], "proven on H200: lstm, bert", 0),
        ([result(**ABSENT)], "not exercised: no NVIDIA driver on this machine", SKIPPED),
        ([], "not exercised: there is no such model", SKIPPED),
        ([result(**BOTH), result("bert", cpu="proven", cuda="failed: it differs")], "failed: bert", 1),
        ([result(**BOTH), result("bert", error="no such operator")], "failed: bert", 1),
        ([result(cpu="failed", cuda="not exercised: the CPU first")], "failed: lstm", 1),
        ([result()], "failed: lstm", 1),
        (
            [result(**BOTH), result("own_operator", error="not exercised: there is no nvcc on this machine")],
            "proven on H200: lstm; not exercised: own_operator: there is no nvcc on this machine",
            0,
        ),
    ],
)
def test_the_verdict(results: list[Result], sentence: str, status: int) -> None:
    assert _verdict(results, "H200") == (sentence, status)
