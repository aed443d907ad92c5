"""What the worker is asked about a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class InspectRequest:
    """`code` and `graph` are long and only wanted when asked for; `text` is the graph as torch prints it."""

    path: Path
    op_libraries: tuple[str, ...]
    code: bool
    text: bool
    graph: bool


def read(raw: dict[str, Any]) -> InspectRequest:
    return InspectRequest(
        path=Path(raw["path"]),
        op_libraries=tuple(raw.get("op_libraries") or ()),
        code=bool(raw.get("code")),
        text=bool(raw.get("text")),
        graph=bool(raw.get("graph")),
    )
