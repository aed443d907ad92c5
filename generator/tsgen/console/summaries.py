"""The words of the table: what each step has to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.console import meter
from tsgen.types.outcome import FLOORS_ALLOWED
from tsgen.types.tree import signature_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import (
        Artifact,
        Float64,
        LibTorch,
        NoFloorKind,
        NoiseFloor,
        ParityReport,
        Reason,
        ReasonKind,
        Verdict,
    )
    from tsgen.types.matrix import LegResult

_HEAVY = 50e6
"""Bytes. From here on GitHub warns of a file; it refuses one of more than 100 MB."""
_OF_MODELS = (".pt", ".cpp", ".bin", ".so")
_ORIGINS = {
    "installed": "from the installed torch",
    "path": "from the folder you named",
    "wheel": "from its wheel",
    "archive": "from PyTorch's archive",
    "conan": "from Conan",
}
_REASONS: Mapping[ReasonKind, str] = {
    "own_verify": "the program's own --verify fails, although the outputs it wrote agree with Python",
    "constant_output": "the output does not depend on the input: two different inputs give the same answer",
    "only_nan": "every output is NaN, for every input, so there is nothing to compare",
    "cpu_first": "the proof on the CPU comes first",
}
"""Of the kinds that say it all; the others have a text of their own."""
_HERE = " on this machine"
_NO_FLOOR: Mapping[NoFloorKind, str] = {
    "": "it was not asked for",
    "wide": "it is in float64 already, or as wide",
    "not_copied": "the model cannot be copied to be run in float64",
    "raised": "the model raises in float64",
    "narrow": "the model computes in another dtype at this operator, whatever its own is",
    "differs": "in float64 the model answers something else, beyond the tolerance",
    "changed": "Python does not answer what it did when the cases were saved",
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
        signature_text(artifact.signature),
        *([f"methods {', '.join(methods)}"] if methods else []),
    )


def heavy(artifact: Artifact, *, lfs: bool) -> str:
    """A note about a model that Git is not made for; empty for a small one, and where Git LFS has it."""
    folder = artifact.path.parent
    size, file = max((path.stat().st_size, path.name) for path in folder.iterdir() if path.suffix in _OF_MODELS)
    if lfs or size <= _HEAVY:
        return ""
    name = f"{folder.name}/{file}"
    return (
        f"{name} has {meter.size(size)}, and Git keeps each export for ever; Git LFS is made for it. Take the # off "
        "its lines in .gitattributes and say `lfs = true` in tsgen.toml: `tsgen new --lfs` does both"
    )


def proven(report: ParityReport, artifact: Artifact) -> tuple[str, ...]:
    python = report.python_milliseconds
    against = "" if python is None else f" (Python {_number(python)} ms)"
    return f"{len(artifact.cases)} cases", *_devices(report), f"{_number(report.milliseconds)} ms a call{against}"


def verdict(ended: Verdict) -> str:
    return f"{ended.state}: {reason(ended.reason)}" if ended.reason else ended.state


def reason(why: Reason) -> str:
    known = _REASONS.get(why.kind, why.text)
    return f"{why.where}: {known}" if why.where else known


def leg(result: LegResult) -> str:
    """What came of a leg of the matrix, besides its state."""
    agreement = _agreement(result.parity) if result.parity and result.parity.passed else ""
    parts = (agreement, result.reason, result.compiler, "up to date" if result.up_to_date else "")
    return " · ".join(filter(None, parts))


def _devices(report: ParityReport) -> tuple[str, ...]:
    if "cuda" not in report.devices:
        return (_agreement(report),)
    return f"cpu: {_agreement(report)}", f"cuda: {_on_cuda(report.devices['cuda'])}"


def _on_cuda(ended: Verdict) -> str:
    """The words of the program, shortened for the table."""
    if ended.state == "proven":
        return "C++ = Python within tolerance"
    return f"{ended.state} ({reason(ended.reason).removesuffix(_HERE) if ended.reason else ''})"


def _in_floors(report: ParityReport) -> list[float]:
    """How far each output lies from float64, in noise floors."""
    return [
        case.float64_error / case.limit * FLOORS_ALLOWED
        for case in report.cases
        if case.limit and case.float64_error is not None
    ]


def float64(known: Float64) -> tuple[str, ...]:
    """Of how many outputs it is known, and why not of the first other."""
    had = sum(each.floor is not None for each in known.floors)
    lacking = [f"{each.output}: {no_floor(each)}" for each in known.floors if each.floor is None]
    return f"{had} of {len(known.floors)} outputs", *lacking[:1]


def no_floor(floor: NoiseFloor) -> str:
    """Why an output has none."""
    said = f": {floor.text}" if floor.text else ""
    return _NO_FLOOR[floor.lacks] + said


def _number(milliseconds: float) -> str:
    """Three digits, without an exponent for the slow ones."""
    return f"{milliseconds:.3g}" if milliseconds < 100 else f"{milliseconds:.0f}"  # noqa: PLR2004


def _agreement(report: ParityReport) -> str:
    if report.demand == "exact":
        return "C++ = Python, bit for bit"
    if report.demand == "floor" and (ratios := _in_floors(report)):
        return f"C++ = Python within {FLOORS_ALLOWED} noise floors, {max(ratios):.2g} at most ({report.reason})"
    gaps = [case.max_abs for case in report.cases if case.max_abs is not None]
    return f"C++ = Python within tolerance, largest difference {max(gaps, default=0.0):.2g} ({report.reason})"
