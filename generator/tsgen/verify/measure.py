"""What a proven program costs: the time to its first answer, and bytes."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console
from tsgen.errors import ParityError, ToolMissingError, TsgenError
from tsgen.runtimes import RUNTIMES
from tsgen.system import codec, process
from tsgen.system.names import encode
from tsgen.types import Tree, grown
from tsgen.types.matrix import Measured
from tsgen.types.tree import EACH
from tsgen.verify import program
from tsgen.verify.compare import found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tsgen.types import Artifact, Build, ParityReport

TIMES = 3
COLD_START = Path(__file__).resolve().parent.parent / "worker" / "cold_start.py"


def measure(
    build: Build, artifact: Artifact, report: ParityReport, *, python_cold_start: float | None, libtorch_bytes: int
) -> Measured:
    """Times and sizes of a program that answers; `python_cold_start` is what `cold_start_of_python` gave.

    `libtorch_bytes`: of the libraries that the program loads. Raises ParityError when the program gives no answer.
    """
    console.progress("cold start")
    # An emulator's time says nothing of the machine that it emulates, and takes a hundred times as long.
    ours = _median(lambda: _run(build, artifact), 1 if build.emulator else TIMES)
    return Measured(
        milliseconds=report.milliseconds,
        python_milliseconds=report.python_milliseconds,
        cold_start_milliseconds=ours,
        python_cold_start_milliseconds=python_cold_start,
        program_bytes=build.runner.stat().st_size,
        model_bytes=RUNTIMES[artifact.runtime].loaded(build, artifact).stat().st_size,
        libtorch_bytes=libtorch_bytes,
    )


def measure_if_it_runs(
    steps: console.Steps,
    build: Build,
    artifact: Artifact,
    report: ParityReport,
    *,
    python_cold_start: Callable[[], float | None],
    libtorch_bytes: Callable[[], int],
) -> Measured | None:
    """None for a program whose default run does not end well, as when the model does not take ones: it is proven."""
    with steps("Measure") as step:
        try:
            size, cold = libtorch_bytes(), python_cold_start()
            found_out = measure(build, artifact, report, python_cold_start=cold, libtorch_bytes=size)
        except TsgenError as trouble:
            step.done(trouble.message)
            return None
        step.done(f"{found_out.cold_start_milliseconds:.0f} ms to the first answer")
    return found_out


def _median(run: Callable[[], None], times: int = TIMES) -> float:
    """Milliseconds."""
    return round(statistics.median(_seconds(run) for _ in range(times)) * 1000, 1)


def _seconds(run: Callable[[], None]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _run(build: Build, artifact: Artifact) -> None:
    finished = program.start(build, artifact)
    if finished.status:
        raise ParityError(
            f"the program cannot be timed: run on ones it ended with status {finished.status}",
            hint="the inputs of the first case say what it takes: `--input NAME=FILE.npy`",
            details="\n".join(finished.stderr.splitlines()[-5:]),
        )


class _NoAnswerError(Exception):
    """Python did not answer: that is no fault of the program."""


def cold_start_of_python(python: Path, artifact: Artifact) -> float | None:
    """Milliseconds of a new interpreter with torch, the file and the first case.

    None for what cannot be called from files alone: a class of Python's among the inputs, an operator not here, a
    model of a runtime that Python does not have.
    """
    if not RUNTIMES[artifact.runtime].loads_in_python:
        return None
    console.progress("cold start of Python")
    request = codec.text_of(_request(artifact), indent=None)

    def ask() -> None:
        if process.run([python, COLD_START, request], check=False).status:
            raise _NoAnswerError

    try:
        return _median(ask)
    except (_NoAnswerError, ToolMissingError):
        return None


def _request(artifact: Artifact) -> dict[str, Any]:
    """The call of the first case."""
    case = artifact.cases[0]
    folder = artifact.path.parent / "cases" / case.name
    signature = artifact.signature.methods.get(case.method, artifact.signature)
    roots, present = grown(signature.inputs), found(folder, "input")
    return {
        "model": str(artifact.path),
        "engine": artifact.engine,
        "libraries": [str(artifact.path.parent / "ops" / each.file) for each in artifact.libraries],
        "method": case.method,
        "flat": artifact.call == "flat",
        "inputs": [_value(root, root.node.name, folder, present) for root in roots],
    }


def _value(tree: Tree, name: str, folder: Path, present: set[str]) -> dict[str, Any]:
    """A value of the call: where it is read from, or what it consists of."""
    node = tree.node
    below = {item for item in present if item == name or item.startswith(f"{name}.")}
    if node.kind == "constant":
        return {"kind": "constant", "value": node.value}
    if not below and (node.optional or node.kind == "none"):
        return {"kind": "none"}
    if not tree.children:
        return {"kind": node.kind, "dtype": node.dtype, "file": str(folder / f"input.{encode(name)}.npy")}
    parts = [(key, _value(child, f"{name}.{key}", folder, below)) for child, key in _children(tree, name, below)]
    return {
        "kind": node.kind,
        "type": node.type,
        "keys": [key for key, _ in parts],
        "parts": [part for _, part in parts],
    }


def _children(tree: Tree, name: str, present: set[str]) -> Sequence[tuple[Tree, str]]:
    """A list has as many elements as the case has files for."""
    if [child.key for child in tree.children] != [EACH]:
        return [(child, child.key) for child in tree.children]
    numbers = {item.removeprefix(f"{name}.").partition(".")[0] for item in present}
    return [(tree.children[0], str(number)) for number in range(len(numbers))]
