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
from tsgen.console import summaries
from tsgen.errors import ParityError
from tsgen.types import PROVEN, ParityReport, Reason, Verdict
from tsgen.verify import floors, program
from tsgen.verify.compare import answers_differ, compare_case, only_nan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Artifact, Build, Device, Float64, LibTorch, OutputParity, ReasonKind, Tolerance
    from tsgen.verify.compare import Exact

_EXCUSED = ("proven", "not exercised")
_HINTS: Mapping[ReasonKind, str] = {
    "own_verify": "src/ or the build is not what tsgen made; `tsgen build` and look again",
    "constant_output": "give the model weights that make its answer depend on its input: --weights FILE or DEFAULT, "
    "another --seed, or initialise them in the factory",
    "only_nan": "find where it comes from in Python: torch.autograd.set_detect_anomaly, or weights that are not finite",
}
"""Of a proof on the CPU."""
_WIDEN = "widen [tolerance] in tsgen.toml"
_OWN = (
    "look at the compiler's options: it must not contract or reorder (-ffast-math, -ffp-contract=fast); "
    "a tolerance of your own in [tolerance] of tsgen.toml takes the place of the noise floor"
)


def prove(
    build: Build,
    artifact: Artifact,
    libtorch: LibTorch,
    tolerance: Mapping[str, Tolerance],
    device: Device = "cpu",
    float64: Float64 | None = None,
) -> ParityReport:
    """Compare every output of every case; the report says whether the proof holds and why not.

    `float64`: what Python answers in float64, to be told how far both lie from that, where the export has not brought
    it along. For `cuda` both devices are proven; the comparisons in the report are those of the CPU.
    Raises ParityError when the program gives no answer that could be judged, or runs another LibTorch.
    """
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        answer = program.replay(build, artifact, Path(folder))
        _require_libtorch(answer, libtorch)
        demand, known = answer["demand"], floors.of(artifact, float64)
        limits = {} if demand == "exact" else tolerance
        exact = {case.name: floors.exact(known, case, demand, tolerance) for case in artifact.cases}
        results = _compared(artifact, Path(folder), limits, exact)
    console.progress("judge")
    devices = {"cpu": _verdict(results, answer, artifact, tolerance)}
    if device == "cuda":
        first = Verdict("not exercised", Reason("cpu_first"))
        devices["cuda"] = _on_cuda(build, artifact, tolerance) if devices["cpu"] == PROVEN else first
    return ParityReport(
        passed=all(verdict.state in _EXCUSED for verdict in devices.values()),
        demand=demand,
        reason=answer["reason"],
        tolerance=_used(limits, results),
        devices=devices,
        cases=results,
        milliseconds=round(statistics.median(case["milliseconds"] for case in answer["cases"]), 3),
        python_milliseconds=_of_python(artifact),
        floors=known.floors,
    )


def _used(limits: Mapping[str, Tolerance], results: tuple[OutputParity, ...]) -> dict[str, Tolerance]:
    """Those that decide something: not of dtypes whose outputs all have a limit of their own."""
    spared = {each.dtype for each in results if each.limit is not None}
    spared -= {each.dtype for each in results if each.limit is None}
    return {dtype: each for dtype, each in limits.items() if dtype not in spared}


def _of_python(artifact: Artifact) -> float | None:
    """None when a time is missing: the median of the others would be of another set of calls than the program's."""
    times = [case.python_milliseconds for case in artifact.cases]
    known = [time for time in times if time is not None]
    return round(statistics.median(known), 3) if known and len(known) == len(times) else None


def holds_here(report: ParityReport, build: Build, artifact: Artifact) -> bool:
    """Whether an earlier report says of CUDA what one made now would: a GPU may have come since."""
    verdict = report.devices.get("cuda", PROVEN)
    if verdict.state != "not exercised":
        return True
    status = program.cuda(build, artifact)
    return status.state == "absent" and verdict.reason is not None and verdict.reason.text == status.problem


def require(report: ParityReport, artifact: Artifact, changed: list[str]) -> None:
    """Raises ParityError unless the report proves what was exported; `changed`: files that are not that any more."""
    verdict = report.devices["cpu"]
    if verdict.state == "not proven":
        raise _refusal(verdict, report)
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
        raise _refusal(verdict, report)
    if changed:
        raise ParityError(
            f"{artifact.path.parent / changed[0]} is not the file that was exported (its sha256 differs)",
            hint="`tsgen build` exports the model again",
        )


def _refusal(verdict: Verdict, report: ParityReport | None = None) -> ParityError:
    hint = _HINTS.get(verdict.reason.kind, "") if verdict.reason else ""
    return ParityError(summaries.verdict(verdict), hint=hint, report=report)


def _require_cuda(report: ParityReport) -> None:
    verdict = report.devices.get("cuda", PROVEN)
    if verdict.state in _EXCUSED or report.devices["cpu"] != PROVEN:
        return
    differs = verdict.reason is not None and verdict.reason.kind == "differs"
    ways = f"if it is harmless for you, {_WIDEN}" if differs else "mend that"
    raise ParityError(
        f"on CUDA: {summaries.verdict(verdict)}",
        hint=f"the program's `--verify --device cuda` tells more; {ways}, or leave CUDA out with --device cpu",
        report=report,
    )


def require_lively(artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> None:
    """Raises ParityError when the cases could prove nothing, whatever a program answers: known before it is built."""
    if answers_differ(artifact, tolerance):
        return
    raise _refusal(Verdict("not proven", Reason("only_nan" if only_nan(artifact) else "constant_output")))


def describe(result: OutputParity) -> str:
    """Case, output, index and both values of a failed comparison."""
    return summaries.reason(_difference(result))


def _difference(result: OutputParity) -> Reason:
    place = f"case {result.name}, output {result.output}"
    if result.problem:
        return Reason("differs", result.problem, where=place)
    index = ",".join(map(str, result.index or ()))
    values = f"C++ {result.actual}, Python {result.expected} (values that differ: {result.mismatches})"
    if result.limit is not None and result.float64_error is not None:
        values += f"; {result.float64_error:.3g} from float64, where {result.limit:.3g} is allowed"
    return Reason("differs", values, where=f"{place}, index [{index}]")


def _hint(report: ParityReport, artifact: Artifact) -> str:
    if report.demand == "exact":
        return f"this LibTorch exported the model by {artifact.method}, so even the last bit must agree; look at src/"
    return _OWN if report.demand == "floor" else f"if the difference is harmless for you, {_WIDEN}"


def _compared(
    artifact: Artifact,
    answers: Path,
    limits: Mapping[str, Tolerance],
    exact: Mapping[str, Mapping[str, Exact]] | None = None,
) -> tuple[OutputParity, ...]:
    cases, signature = artifact.path.parent / "cases", artifact.signature
    entries = {"": signature, **signature.methods}
    return tuple(
        result
        for case in artifact.cases
        for result in compare_case(
            case.name,
            entries[case.method],
            cases / case.name,
            answers / case.name,
            limits,
            (exact or {}).get(case.name),
        )
    )


def _on_cuda(build: Build, artifact: Artifact, tolerance: Mapping[str, Tolerance]) -> Verdict:
    """Only a machine without driver or GPU excuses it; what is there and fails, fails."""
    status = program.cuda(build, artifact)
    if status.state == "absent":
        return Verdict("not exercised", Reason("absent", status.problem))
    if status.state == "unusable":
        return Verdict("failed", Reason("unusable", status.problem))
    console.progress("replay on CUDA")
    with tempfile.TemporaryDirectory(prefix="tsgen-") as folder:
        try:
            answer = program.replay(build, artifact, Path(folder), "cuda")
        except ParityError as error:
            return Verdict("failed", Reason("refused", error.message))
        results = _compared(artifact, Path(folder), tolerance)
    failed = [result for result in results if not result.passed]
    return Verdict("failed", _difference(failed[0])) if failed else _verdict(results, answer, artifact, tolerance)


def _verdict(
    results: tuple[OutputParity, ...], answer: Mapping[str, Any], artifact: Artifact, tolerance: Mapping[str, Tolerance]
) -> Verdict:
    if not all(result.passed for result in results):
        return Verdict("failed")
    if not answer["passed"]:
        return Verdict("failed", Reason("own_verify"))
    if not answers_differ(artifact, tolerance):
        return Verdict("not proven", Reason("constant_output"))
    return PROVEN


def _require_libtorch(answer: Mapping[str, Any], libtorch: LibTorch) -> None:
    ran, wanted = (str(version).partition("+")[0] for version in (answer.get("torch_version"), libtorch.version))
    if ran != wanted:
        raise ParityError(
            f"the program was built with LibTorch {ran}, not with {wanted}", hint="`tsgen build` with the same options"
        )
