"""What a program costs; the program and Python are scripts."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ParityError
from tsgen.libtorch.look import loaded
from tsgen.types import Case
from tsgen.verify import measure

from .binaries import write_elf
from .make import build, exported, leaf, node, report, signature, write_case

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

scripts = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script")


@scripts
def test_each_start_is_a_whole_process_and_the_median_counts(tmp_path: Path, shell: Script) -> None:
    count = tmp_path / "count"
    body = f'echo "$@" >> "{count}"; [ "$(wc -l < "{count}")" = 1 ] && sleep 1; exit 0'
    made = build(shell(tmp_path / "my app", body))
    artifact = exported(tmp_path / "model")
    found = measure.measure(made, artifact, report(), python_cold_start=None, libtorch_bytes=7)
    assert count.read_text(encoding="utf-8").splitlines() == [str(artifact.path)] * 3
    assert 0 < found.cold_start_milliseconds < 900
    assert (found.milliseconds, found.python_milliseconds) == (1.5, 3.0)
    assert found.python_cold_start_milliseconds is None
    assert (found.model_bytes, found.libtorch_bytes) == (9, 7)
    assert found.program_bytes == made.runner.stat().st_size


@scripts
def test_an_emulator_stands_before_the_program(tmp_path: Path, shell: Script) -> None:
    words = tmp_path / "words"
    emulator = shell(tmp_path / "qemu", f'echo "$@" > "{words}"')
    made = replace(build(shell(tmp_path / "myapp", "exit 3")), emulator=(str(emulator), "-L", "/sysroot"))
    measure.measure(made, exported(tmp_path / "model"), report(), python_cold_start=None, libtorch_bytes=0)
    assert words.read_text(encoding="utf-8").startswith(f"-L /sysroot {made.runner} ")


@scripts
def test_a_program_that_does_not_answer_has_no_time(tmp_path: Path, shell: Script) -> None:
    made = build(shell(tmp_path / "myapp", "echo 'index out of range' >&2; exit 4"))
    with pytest.raises(ParityError, match="status 4") as caught:
        measure.measure(made, exported(tmp_path / "model"), report(), python_cold_start=None, libtorch_bytes=0)
    assert caught.value.details == "index out of range"


@scripts
@pytest.mark.parametrize(("status", "known"), [(0, True), (1, False)])
def test_python_is_timed_only_when_it_answers(tmp_path: Path, shell: Script, status: int, *, known: bool) -> None:
    python = shell(tmp_path / "python", f'echo "$2" > "{tmp_path}/asked"; exit {status}')
    artifact = exported(tmp_path / "model")
    assert (measure.cold_start_of_python(python, artifact) is not None) == known
    asked = json.loads((tmp_path / "asked").read_text(encoding="utf-8"))
    assert asked["model"] == str(artifact.path)
    assert asked["inputs"][0]["file"].endswith("cases/ones/input.x.npy")


def test_python_is_asked_with_the_groups_that_the_call_has(tmp_path: Path) -> None:
    inputs = (
        node("images", "list"), leaf("images.*", "float32", "N"), node("batch", "record"),
        leaf("batch.ids", "int64", "N"), leaf("mask", "float32", "N"), node("k", "constant", type="int", value=3),
    )  # fmt: skip
    inputs = (*inputs[:4], replace(inputs[4], optional=True), inputs[5])
    made = exported(tmp_path / "model", signature=replace(signature(), inputs=inputs))
    made = replace(made, cases=(Case(name="two", python_milliseconds=1.0),))
    write_case(tmp_path / "model", "two", **{"input_images.0": 1.0, "input_images.1": 2.0, "input_batch.ids": 3})
    images, batch, mask, number = measure._request(made)["inputs"]
    assert [part["file"].rpartition("input.")[2] for part in images["parts"]] == ["images.0.npy", "images.1.npy"]
    assert (batch["keys"], batch["parts"][0]["dtype"]) == (["ids"], "int64")
    assert mask == {"kind": "none"}
    assert number == {"kind": "constant", "value": 3}


def test_only_libraries_that_the_program_loads_from_its_libtorch_are_counted(tmp_path: Path) -> None:
    lib = tmp_path / "torch" / "lib"
    lib.mkdir(parents=True)
    cpu = write_elf(lib / "libtorch_cpu.so", needed=("libc10.so", "libc.so.6"))
    c10 = write_elf(lib / "libc10.so", needed=("libtorch_cpu.so",))
    write_elf(lib / "libtorch_cuda.so")
    program = write_elf(tmp_path / "myapp", needed=("libtorch_cpu.so", "libstdc++.so.6"))
    assert loaded.size(program, tmp_path / "torch") == cpu.stat().st_size + c10.stat().st_size


def test_what_is_no_program_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "myapp").write_text("#!/bin/sh\n", encoding="utf-8")
    assert loaded.size(tmp_path / "myapp", tmp_path) == 0
