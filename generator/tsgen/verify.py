"""Run the compiled program on the cases and judge its answers against what eager Python saved.

The program compares too (`--verify`, for those without tsgen), but it is not taken at its word: it writes its
outputs, and they are compared here again, by another implementation.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console, process
from tsgen.compare import answers_differ, compare
from tsgen.errors import ParityError, ToolMissingError
from tsgen.types import ParityReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Artifact, Build, LibTorch, OutputParity, Tolerance

_PASSED_STATUS = 0


def prove(build: Build, artifact: Artifact, libtorch: LibTorch, tolerance: Mapping[str, Tolerance]) -> ParityReport:
    """Compare every output of every case; the report says whether the proof holds and why not.

    Raises ParityError when the program gives no answer that could be judged, or runs another LibTorch.
    """
    cases = artifact.path.parent / "cases"
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        answer = _ask(build, artifact, Path(folder))
        _require_libtorch(answer, libtorch)
        demand = answer["demand"]
        limits = tolerance if demand == "tolerance" else {}
        results = tuple(
            compare(case.name, leaf, cases / case.name, Path(folder) / case.name, limits)
            for case in artifact.cases
            for leaf in artifact.signature.outputs
        )
    console.progress("judge")
    verdict = _verdict(results, answer, artifact, tolerance)
    return ParityReport(
        passed=verdict == "proven",
        demand=demand,
        reason=answer["reason"],
        tolerance=dict(limits),
        devices={"cpu": verdict},
        cases=results,
        milliseconds=round(statistics.median(case["milliseconds"] for case in answer["cases"]), 3),
        python_milliseconds=round(statistics.median(case.python_milliseconds for case in artifact.cases), 3),
    )


def require(report: ParityReport, artifact: Artifact, changed: list[str]) -> None:
    """Raises ParityError unless the report proves what was exported; `changed`: files that are not that any more."""
    verdict = report.devices["cpu"]
    if verdict.startswith("not proven"):
        raise ParityError(verdict, hint=_WAYS_TO_LIVELY_WEIGHTS, report=report)
    if failed := [result for result in report.cases if not result.passed]:
        touched = f"{changed[0]} is not the file that was exported; `tsgen build` exports it again" if changed else ""
        raise ParityError(
            f"C++ and Python differ: {describe(failed[0])}",
            hint=touched or _hint(report, artifact),
            details=f"{len(failed)} of {len(report.cases)} comparisons failed",
            report=report,
        )
    if not report.passed:
        hint = "src/ or the build is not what tsgen made; `tsgen build` and look again"
        raise ParityError(verdict, hint=hint, report=report)
    if changed:
        raise ParityError(
            f"{artifact.path.parent / changed[0]} is not the file that was exported (its sha256 differs)",
            hint="`tsgen build` exports the model again",
        )


def require_lively(artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> None:
    """Raises ParityError when the cases could prove nothing, whatever a program answers: known before it is built."""
    if not answers_differ(artifact, tolerance):
        raise ParityError(_EMPTY, hint=_WAYS_TO_LIVELY_WEIGHTS)


def describe(result: OutputParity) -> str:
    """Case, output, index and both values of a failed comparison."""
    place = f"case {result.name}, output {result.output}"
    if result.problem:
        return f"{place}: {result.problem}"
    index = ",".join(map(str, result.index or ()))
    values = f"C++ {result.actual}, Python {result.expected}"
    return f"{place}, index [{index}]: {values} (values that differ: {result.mismatches})"


_EMPTY = "not proven: the output does not depend on the input: two different inputs give the same answer"
_WAYS_TO_LIVELY_WEIGHTS = (
    "give the model weights that make its answer depend on its input: --weights FILE or DEFAULT, another --seed, "
    "or initialise them in the factory"
)


def _hint(report: ParityReport, artifact: Artifact) -> str:
    if report.demand == "exact":
        return f"this LibTorch exported the model by {artifact.method}, so even the last bit must agree; look at src/"
    return "if the difference is harmless for you, widen [tolerance] in tsgen.toml"


def _verdict(
    results: tuple[OutputParity, ...], answer: Mapping[str, Any], artifact: Artifact, tolerance: Mapping[str, Tolerance]
) -> str:
    if not all(result.passed for result in results):
        return "failed"
    if not answer["passed"]:
        return "failed: the program's own --verify fails, although the outputs it wrote agree with Python"
    if not answers_differ(artifact, tolerance):
        return _EMPTY
    return "proven"


def _require_libtorch(answer: Mapping[str, Any], libtorch: LibTorch) -> None:
    ran, wanted = (str(version).partition("+")[0] for version in (answer.get("torch_version"), libtorch.version))
    if ran != wanted:
        raise ParityError(
            f"the program was built with LibTorch {ran}, not with {wanted}", hint="`tsgen build` with the same options"
        )


def _run(build: Build, artifact: Artifact, folder: Path) -> process.Finished:
    """Let the program replay the cases, one thread, and write its outputs to `folder`."""
    options = ["--verify", "--threads", "1", "--output", str(folder), "--json"]
    try:
        return process.run([build.executable, artifact.path, *options], check=False)
    except ToolMissingError as error:
        hint = f"delete {build.executable.parent} and run `tsgen build`"
        raise ParityError(f"the built program cannot be started: {error.message}", hint=hint) from error


def _ask(build: Build, artifact: Artifact, folder: Path) -> dict[str, Any]:
    finished = _run(build, artifact, folder)
    try:
        answer: dict[str, Any] = json.loads(finished.stdout)
        if error := answer.get("error"):
            raise ParityError(f"the program refused: {error['message']}", hint=error["hint"])
        names = {case["name"] for case in answer["cases"]}
        answer["passed"] = answer["passed"] and finished.status == _PASSED_STATUS
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ParityError(
            f"the program did not answer `--verify --json` as expected; it ended with status {finished.status}",
            hint="src/main.cpp must keep the options that tsgen's template gave it",
            details="\n".join(finished.stderr.splitlines()[-5:]),
        ) from None
    if not names or names != {case.name for case in artifact.cases}:
        raise ParityError(
            "the program did not replay every case", hint="`tsgen build` writes model/cases/index.tsv anew"
        )
    return answer
