"""One model of the zoo, from the command line to the verdict: `python -m tests.zoo.one JOB.json` prints a JSON line.

A process of its own, so that a model can neither stop the others nor take the machine's memory.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import checks, header
from .entries import REPOSITORY
from .steps import Broken, Refused, Step

MEMORY = 10 * 2**30
"""Bytes of data (not of mapped files) each process of a model may have."""
REFUSALS = {2, 3, 4, 8, 9}
"""tsgen's exit codes that come with a reason in the user's terms."""


@dataclass
class Verdict:
    outcome: str = "right"
    reason: str = ""
    method: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    words: tuple[str, ...]
    folder: Path
    program: Path
    place: Path


def judge(job: Job) -> Verdict:
    verdict = Verdict()
    try:
        exported = _export(job)
        verdict.method = exported["artifact"]["method"]
        _verify(job)
        header.check(job.folder / "artifact", job.folder / "include", job.place)
        wrong = checks.differences(job.words, job.folder, job.program, verdict.notes)
    except Refused as refusal:
        return Verdict("refused", str(refusal), verdict.method, verdict.notes)
    except Broken as broken:
        return Verdict("broken", str(broken), verdict.method, verdict.notes)
    return Verdict("wrong", "; ".join(wrong), verdict.method, verdict.notes) if wrong else verdict


def _export(job: Job) -> dict[str, Any]:
    step = Step(job.folder, "export")
    ended = step.run([sys.executable, "-m", "tsgen", "export", *job.words, "-o", job.folder / "artifact", "--json"])
    document = step.document()
    if ended == 0:
        return document
    error = document.get("error") or {}
    if ended in REFUSALS and error.get("message") and "Traceback" not in error["message"]:
        raise Refused(f"{error['message']} (hint: {error.get('hint', '')})")
    raise Broken(f"tsgen export ended with status {ended}: {error.get('message') or step.last_words()}")


def _verify(job: Job) -> None:
    step = Step(job.folder, "verify")
    ended = step.run([job.program, job.folder / "artifact" / "model.pt", "--verify", "--json"])
    document = step.document()
    if ended == 0 and document["passed"] and document["cases"]:
        return
    if "error" in document:
        raise Refused(f"late, by the program: {document['error']['message']}")
    if ended != 1:
        raise Broken(f"the program ended with status {ended}: {step.last_words()}")
    failed = [case["name"] for case in document["cases"] if not all(out["passed"] for out in case["outputs"])]
    raise Refused(f"late, parity failed on {', '.join(failed)}")


def main() -> None:
    raw = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    job = Job(tuple(raw["words"]), Path(raw["folder"]), Path(raw["program"]), Path(raw["place"]))
    shutil.rmtree(job.folder / "artifact", ignore_errors=True)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    start = time.monotonic()
    verdict = judge(job)
    seconds = round(time.monotonic() - start, 1)
    if verdict.outcome == "right":
        shutil.rmtree(job.folder / "artifact", ignore_errors=True)  # the whole zoo would take gigabytes
    print(json.dumps({**vars(verdict), "seconds": seconds}))  # noqa: T201 - the answer


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    main()
