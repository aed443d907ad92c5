"""build/TYPE/proof.json: what was proven, and of which files, so that it need not be proven twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tsgen import files
from tsgen.types import OutputParity, ParityReport, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types import Artifact, Build, Device, LibTorch

FILE_NAME = "proof.json"


def key(
    build: Build, artifact: Artifact, libtorch: LibTorch, tolerance: Mapping[str, Tolerance], device: Device = "cpu"
) -> str:
    """The digest of everything the proof rests on; the manifest stands for the files it vouches for."""
    return files.digest_of(
        {
            "executable": files.sha256(build.executable),
            "manifest": files.sha256(artifact.path.parent / "manifest.json"),
            "libtorch": [libtorch.version, str(libtorch.root)],
            "device": device,
            "tolerance": {dtype: asdict(limits) for dtype, limits in tolerance.items()},
        }
    )


def read(folder: Path, wanted: str) -> ParityReport | None:
    """The report of a proof that was made of the same files; None when there is none."""
    try:
        document = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        report = report_of(document["report"]) if document["key"] == wanted else None
        return report if report and report.passed and report.devices["cpu"] == "proven" else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(folder: Path, proven: str, report: ParityReport) -> None:
    document = {"key": proven, "report": asdict(report)}
    files.write_text(folder / FILE_NAME, json.dumps(document, indent=2) + "\n")


def report_of(document: dict[str, Any]) -> ParityReport:
    """Raises what a document of another form does: KeyError, TypeError, AttributeError."""
    cases = tuple(OutputParity(**{**case, "index": _tuple(case["index"])}) for case in document["cases"])
    tolerance = {dtype: Tolerance(**limits) for dtype, limits in document["tolerance"].items()}
    return ParityReport(**{**document, "cases": cases, "tolerance": tolerance})


def _tuple(index: list[int] | None) -> tuple[int, ...] | None:
    return None if index is None else tuple(index)
