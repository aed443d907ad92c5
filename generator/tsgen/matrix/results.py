"""build/matrix/LEG/result.json: what came of each leg, kept so that it need not be done twice, and can be merged."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tsgen import files, lock, proof
from tsgen.errors import ConfigError
from tsgen.types.matrix import Leg, LegResult, Measured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.types.matrix import MatrixReport

RESULT, LOG, REPORT, PAGE = "result.json", "leg.log", "matrix.json", "matrix.html"
DONE = ("proven", "linked", "configured")
"""The states of a leg that went as far as its machine could."""


def folder(root: Path) -> Path:
    return root / "build" / "matrix"


def kept(root: Path, leg: Leg, inputs: str) -> LegResult | None:
    """What an earlier run made of the same inputs; None when there is none, or it failed."""
    try:
        result = _read(folder(root) / leg.name / RESULT)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return result if result.inputs == inputs and result.state in DONE else None


def keep(root: Path, result: LegResult) -> None:
    _write(folder(root) / result.name / RESULT, asdict(result))


def forget(root: Path, leg: Leg) -> None:
    """Before a leg is done again: a killed run must not leave the result of other inputs."""
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
    _write(path, asdict(report))
    return path


def machine() -> str:
    """The one that this runs on, as a result names it."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _read_or_refuse(path: Path) -> LegResult:
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path} is no result of a leg: {error}", hint="delete it, and run that leg again") from error


def _read(path: Path) -> LegResult:
    document = json.loads(path.read_text(encoding="utf-8"))
    pin, parity, measured = (document[key] for key in ("libtorch", "parity", "measured"))
    typed = {
        "leg": Leg(**document["leg"]),
        "facts": tuple(document["facts"]),
        "libtorch": pin and lock.pin_of(pin),
        "parity": parity and proof.report_of(parity),
        "measured": measured and Measured(**measured),
    }
    return LegResult(**{**document, **typed})
