"""What came of each model: a JSON line each, the last one counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from .entries import REFUSED, RIGHT, Entry

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    outcome: str
    """right, refused, wrong or broken."""
    reason: str = ""
    method: str = ""
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        self.known = {tuple(line["words"]): Result(**line["result"]) for line in map(json.loads, lines)}

    def of(self, entry: Entry) -> Result | None:
        return self.known.get(entry.words)

    def add(self, entry: Entry, result: Result) -> None:
        self.known[entry.words] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"words": entry.words, "result": asdict(result)}) + "\n")

    def complaint(self, entry: Entry) -> str:
        """What is not as it must be."""
        result = self.of(entry)
        return complaint(entry, result) if result else "not run"


def complaint(entry: Entry, result: Result) -> str:
    if result.outcome in ("wrong", "broken"):
        return f"{result.outcome}: {result.reason}"
    if not entry.allowed or (result.outcome == RIGHT and RIGHT in entry.allowed):
        return ""
    words = [allowed.removeprefix(REFUSED) for allowed in entry.allowed if allowed.startswith(REFUSED)]
    if result.outcome == "refused" and any(word in result.reason for word in words):
        return ""
    return f"{result.outcome}, but allowed is only {' or '.join(entry.allowed)}"
