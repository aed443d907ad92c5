"""Run the compiled program on the cases and judge its answers against what eager Python saved.

The program compares too (`--verify`, for those without tsgen), but it is not taken at its word: it writes its
outputs, and they are compared here again, by another implementation.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import console
from tsgen.compare import answers_differ, compare_case, only_nan
from tsgen.errors import ParityError
from tsgen.types import ParityReport
from tsgen.verify import program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Artifact, Build, Device, LibTorch, OutputParity, Tolerance

NOT_EXERCISED = "not exercised: "


def prove(
    build: Build,
    artifact: Artifact,
    libtorch: LibTorch,
    tolerance: Mapping[str, Tolerance],
    device: Device = "cpu",
) -> ParityReport:
    """Compare every output of every case; the report says whether the proof holds and why not.

    For `cuda` both devices are proven; the comparisons in the report are those of the CPU.
    Raises ParityError when the program gives no answer that could be judged, or runs another LibTorch.
    """
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        answer = program.replay(build, artifact, Path(folder))
        _require_libtorch(answer, libtorch)
        limits = tolerance if answer["demand"] == "tolerance" else {}
        results = _compared(artifact, Path(folder), limits)
    console.progress("judge")
    devices = {"cpu": _verdict(results, answer, artifact, tolerance)}
    if device == "cuda":
        proven = devices["cpu"] == "proven"
        devices["cuda"] = (
            _on_cuda(build, artifact, tolerance) if proven else f"{NOT_EXERCISED}the proof on the CPU comes first"
        )
    return ParityReport(
        passed=all(verdict == "proven" or verdict.startswith(NOT_EXERCISED) for verdict in devices.values()),
        demand=answer["demand"],
        reason=answer["reason"],
        tolerance=dict(limits),
        devices=devices,
        cases=results,
        milliseconds=round(statistics.median(case["milliseconds"] for case in answer["cases"]), 3),
        python_milliseconds=round(statistics.median(case.python_milliseconds for case in artifact.cases), 3),
    )


def holds_here(report: ParityReport, build: Build, artifact: Artifact) -> bool:
    """Whether an earlier report says of CUDA what one made now would: a GPU may have come since."""
    verdict = report.devices.get("cuda", "")
    if not verdict.startswith(NOT_EXERCISED):
        return True
    status = program.cuda(build, artifact)
    return status.state == "absent" and verdict == NOT_EXERCISED + status.problem


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
    _require_cuda(report)
    if not report.passed:
        hint = "src/ or the build is not what tsgen made; `tsgen build` and look again"
        raise ParityError(verdict, hint=hint, report=report)
    if changed:
        raise ParityError(
            f"{artifact.path.parent / changed[0]} is not the file that was exported (its sha256 differs)",
            hint="`tsgen build` exports the model again",
        )


def _require_cuda(report: ParityReport) -> None:
    verdict = report.devices.get("cuda", "proven")
    if verdict == "proven" or verdict.startswith(NOT_EXERCISED) or report.devices["cpu"] != "proven":
        return
    ways = "if it is harmless for you, widen [tolerance] in tsgen.toml" if ": case " in verdict else "mend that"
    raise ParityError(
        f"on CUDA: {verdict}",
        hint=f"the program's `--verify --device cuda` tells more; {ways}, or leave CUDA out with --device cpu",
        report=report,
    )


def require_lively(artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> None:
    """Raises ParityError when the cases could prove nothing, whatever a program answers: known before it is built."""
    if answers_differ(artifact, tolerance):
        return
    if only_nan(artifact):
        hint = "find where it comes from in Python: torch.autograd.set_detect_anomaly, or weights that are not finite"
        raise ParityError("not proven: every output is NaN, for every input, so there is nothing to compare", hint=hint)
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


def _compared(artifact: Artifact, answers: Path, limits: Mapping[str, Tolerance]) -> tuple[OutputParity, ...]:
    cases, signature = artifact.path.parent / "cases", artifact.signature
    entries = {"": signature, **signature.methods}
    return tuple(
        result
        for case in artifact.cases
        for result in compare_case(case.name, entries[case.method], cases / case.name, answers / case.name, limits)
    )


def _on_cuda(build: Build, artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> str:
    """The verdict on CUDA. Only a machine without driver or GPU excuses it; what is there and fails, fails."""
    status = program.cuda(build, artifact)
    if status.state == "absent":
        return NOT_EXERCISED + status.problem
    if status.state == "unusable":
        return f"failed: {status.problem}"
    console.progress("replay on CUDA")
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        try:
            answer = program.replay(build, artifact, Path(folder), "cuda")
        except ParityError as error:
            return f"failed: {error.message}"
        results = _compared(artifact, Path(folder), tolerance)
    failed = [result for result in results if not result.passed]
    return f"failed: {describe(failed[0])}" if failed else _verdict(results, answer, artifact, tolerance)


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
