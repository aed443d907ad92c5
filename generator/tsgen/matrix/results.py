"""build/matrix/LEG/result.json: what came of each leg, kept so that it need not be done twice, and can be merged."""

from __future__ import annotations

import os
import platform
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError
from tsgen.system import codec, files
from tsgen.types.matrix import LegResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.types.matrix import Leg, MatrixReport

RESULT, LOG, REPORT, PAGE = "result.json", "leg.log", "matrix.json", "matrix.html"
DONE = ("proven", "linked", "configured")
"""The states of a leg that went as far as its machine could."""


def folder(root: Path) -> Path:
    return root / "build" / "matrix"


def kept(root: Path, leg: Leg, inputs: str) -> LegResult | None:
    """What an earlier run made of the same inputs; None when there is none, or it failed."""
    result = codec.read_own(folder(root) / leg.name / RESULT, LegResult, report="parity")
    return result if result and result.inputs == inputs and result.state in DONE else None


def keep(root: Path, result: LegResult) -> None:
    _write(folder(root) / result.name / RESULT, result)


def forget(root: Path, leg: Leg) -> None:
    """Delete a leg's result before it is done again: a killed run must not leave the result of other inputs."""
    (folder(root) / leg.name / RESULT).unlink(missing_ok=True)


def below(place: Path) -> Iterator[LegResult]:
    """Every result below `place`, the newest of each leg. Raises ConfigError for none, and for one that is broken."""
    found = sorted(map(_read_or_refuse, sorted(place.rglob(RESULT))), key=lambda result: result.date)
    if not found:
        raise ConfigError(
            f"there is no {RESULT} below {place}", hint="name the folder into which the legs' results were downloaded"
        )
    yield from {result.name: result for result in found}.values()


def write_report(root: Path, report: MatrixReport) -> Path:
    path = folder(root) / REPORT
    _write(path, report)
    return path


def machine() -> str:
    """The one that this runs on, as a result names it."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _write(path: Path, value: LegResult | MatrixReport) -> None:
    files.write_text(path, codec.text_of(value))


def _read_or_refuse(path: Path) -> LegResult:
    return codec.read_or_refuse(
        path,
        LegResult,
        ConfigError,
        "is no result of a leg",
        hint="delete it, and run that leg again",
        report="parity",
    )
