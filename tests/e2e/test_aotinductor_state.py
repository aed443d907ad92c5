"""A model that remembers, compiled by AOTInductor: its calls are proven in their order, and each Model is a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from .conftest import HERE, Made, compiled, make, run

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen


@pytest.fixture(scope="module")
def stream(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    spec = f"{HERE / 'worker/models/compiled_state.py'}:Streaming"
    return make(
        tsgen, tmp_path_factory.mktemp("aot"), "stream", "--model", spec, "--input", "1x4", "--runtime", "aotinductor"
    )


def test_its_calls_are_proven_in_their_order(stream: Made, tmp_path: Path) -> None:
    """The counter is a buffer of one element, which AOTInductor alone makes a constant of."""
    assert stream.outcome["artifact"]["sequence"]
    assert stream.outcome["parity"]["passed"]
    ended = run(stream.runner, "--verify", "--output", tmp_path)
    assert ended.status == 0, ended.stdout + ended.stderr
    counted = sorted(float(np.load(file)[0]) for file in tmp_path.rglob("output.calls.npy"))
    assert counted == [float(number) for number in range(1, len(counted) + 1)]
    assert len(counted) >= 4


def test_each_model_is_a_stream_of_its_own_and_calls_take_turns(stream: Made, tmp_path: Path) -> None:
    ended = run(compiled(stream, "streams.cpp", tmp_path), stream.runner.parent / "model/model.so")
    assert (ended.status, ended.stdout) == (0, "streams\n"), ended.stderr


def test_it_begins_with_what_the_signature_says(stream: Made) -> None:
    file = stream.root / "model/signature.tsgen"
    before = file.read_text(encoding="utf-8")
    assert "held\tring\tfloat32\t5,2\t000080bf\n" in before
    try:
        file.write_text(before.replace("\t000080bf\n", "\t0000803f\n"), encoding="utf-8")
        assert run("cmake", "--build", stream.runner.parent).status == 0
        ended = run(stream.runner, "--verify")
        assert ended.status == 1, ended.stdout
        assert "mean" in ended.stdout
    finally:
        file.write_text(before, encoding="utf-8")
        assert run("cmake", "--build", stream.runner.parent).status == 0
