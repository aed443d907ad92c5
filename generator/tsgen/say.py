"""The words of the table: what each step has to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsgen.types import Artifact, LibTorch, ParityReport
    from tsgen.types.matrix import LegResult

_ORIGINS = {
    "installed": "from the installed torch",
    "path": "from the folder you named",
    "wheel": "from its wheel",
    "archive": "from PyTorch's archive",
    "conan": "from Conan",
}


def resolved(libtorch: LibTorch) -> tuple[str, ...]:
    origin = _ORIGINS.get(libtorch.origin, f"from {libtorch.origin}")
    public = libtorch.version.partition("+")[0]
    return f"LibTorch {public} {libtorch.accelerator}", libtorch.platform, f"{libtorch.build_type}   {origin}"


def exported(artifact: Artifact) -> tuple[str, ...]:
    methods = artifact.signature.methods
    return (
        artifact.model,
        artifact.method,
        str(artifact.signature),
        *([f"methods {', '.join(methods)}"] if methods else []),
    )


def proven(report: ParityReport, artifact: Artifact) -> tuple[str, ...]:
    speed = f"{_number(report.milliseconds)} ms a call (Python {_number(report.python_milliseconds)} ms)"
    return f"{len(artifact.cases)} cases", *_devices(report), speed


def leg(result: LegResult) -> str:
    """What came of a leg of the matrix, besides its state."""
    agreement = _agreement(result.parity) if result.parity and result.parity.passed else ""
    parts = (agreement, result.reason, result.compiler, "up to date" if result.up_to_date else "")
    return " · ".join(filter(None, parts))


def _devices(report: ParityReport) -> tuple[str, ...]:
    if "cuda" not in report.devices:
        return (_agreement(report),)
    verdict, _, reason = report.devices["cuda"].partition(": ")
    why = reason.removesuffix(" on this machine")
    cuda = "C++ = Python within tolerance" if verdict == "proven" else f"{verdict} ({why})"
    return f"cpu: {_agreement(report)}", f"cuda: {cuda}"


def _number(milliseconds: float) -> str:
    """Three digits, without an exponent for the slow ones."""
    return f"{milliseconds:.3g}" if milliseconds < 100 else f"{milliseconds:.0f}"  # noqa: PLR2004


def _agreement(report: ParityReport) -> str:
    if report.demand == "exact":
        return "C++ = Python, bit for bit"
    gaps = [case.max_abs for case in report.cases if case.max_abs is not None]
    return f"C++ = Python within tolerance, largest difference {max(gaps, default=0.0):.2g} ({report.reason})"
