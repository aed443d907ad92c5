"""What the worker is asked: the request of the export, the file that came of it, and one of its cases."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..protocol import read_request

if TYPE_CHECKING:
    from ..protocol import Request


@dataclass(frozen=True)
class BisectRequest:
    export: Request
    """Its `output` is the empty folder that the watched file goes to."""
    artifact: Path
    """model.pt; its cases lie beside it."""
    case: str
    method: str
    """The exported method that the case calls; empty for forward."""
    exact: bool
    """Demanded of the export in Python; otherwise the tolerance."""


def read(path: Path, raw: dict[str, Any]) -> BisectRequest:
    return BisectRequest(
        export=read_request(path),
        artifact=Path(os.path.abspath(raw["artifact"])),  # noqa: PTH100 - resolve() would replace the user's links
        case=raw["case"],
        method=raw.get("case_method") or "",
        exact=bool(raw["exact"]),
    )
