"""One command of a model's way, with everything it printed kept in files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from .entries import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


class Refused(Exception):  # noqa: N818 - an outcome
    """With the reason that the user reads."""


class Broken(Exception):  # noqa: N818 - an outcome
    """A crash, a traceback, or an answer that is none."""


class Step:
    def __init__(self, folder: Path, name: str) -> None:
        self.stdout, self.stderr = folder / f"{name}.out", folder / f"{name}.err"

    def run(self, command: list[Any]) -> int:
        environment = {"TSGEN_PYTHON": sys.executable, **os.environ}
        with self.stdout.open("wb") as stdout, self.stderr.open("wb") as stderr:
            return subprocess.run(
                [str(word) for word in command],
                cwd=REPOSITORY,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                check=False,
            ).returncode

    def document(self) -> dict[str, Any]:
        """What --json printed. Raises Broken."""
        text = self.stdout.read_text(encoding="utf-8", errors="replace")
        try:
            value: dict[str, Any] = json.loads(text)
        except ValueError:
            raise Broken(f"no JSON on stdout: {text[:200]!r}; {self.last_words()}") from None
        return value

    def last_words(self) -> str:
        lines = self.stderr.read_text(encoding="utf-8", errors="replace").split("\n")
        return " | ".join(line.strip() for line in lines if line.strip())[-300:]
