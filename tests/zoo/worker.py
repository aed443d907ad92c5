"""Each model in a process of its own, with a limit of time; killed with all it started when it takes longer."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .entries import REPOSITORY
from .results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .entries import Entry

TIMEOUT = 240
"""Seconds for one model: export, proof and checks."""


def run(todo: list[Entry], place: Path, program: Path | None, jobs: int) -> Iterator[tuple[Entry, Result]]:
    with ThreadPoolExecutor(jobs) as pool:
        yield from zip(todo, pool.map(lambda entry: _one(entry, place, program), todo), strict=True)


def _one(entry: Entry, place: Path, program: Path | None) -> Result:
    folder = place / "runs" / re.sub(r"\W+", "-", f"{entry.family} {entry.name}")
    folder.mkdir(parents=True, exist_ok=True)
    job = folder / "job.json"
    job.write_text(
        json.dumps({"words": entry.words, "folder": str(folder), "program": str(program), "place": str(place)})
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.zoo.one", str(job)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=(folder / "one.err").open("wb"),
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Result(outcome="broken", reason=f"took more than {TIMEOUT} s", seconds=TIMEOUT)
    try:
        return Result(**json.loads(answer.splitlines()[-1]))
    except (ValueError, IndexError, TypeError):
        said = (folder / "one.err").read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
        return Result(outcome="broken", reason=f"the zoo itself ended with status {process.returncode}: {said}")
