"""What must hold whatever the file says: the faults of one call, in words; none when all is well."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from tests.fuzz.calls import HUNG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fuzz.calls import Ended
    from tests.fuzz.doors import Door

_RUNNER, _TSGEN = (0, 1, 2), (0, *range(2, 10))
_LONGEST = 2200
"""Of an error's message: what a file says is quoted in part."""


def faults(door: Door, ended: Ended, touched: list[str], mutated: str) -> Iterator[str]:
    """`touched`: what had changed below the arena's root; `mutated`: the file that lies."""
    yield from _how_it_ended(door, ended)
    yield from (f"{name} was touched" for name in touched if not _may_change(name, mutated, door))


def trusted(door: Door, ended: Ended, app: Path) -> Iterator[str]:
    """What went well must be of files that the manifest vouches for, and of the manifest that the lock names."""
    if door.kind in {"tsgen", "process"} and ended.status == 0 and door.words[0] in {"test", "build"}:
        yield from _trusted(app)


def _how_it_ended(door: Door, ended: Ended) -> Iterator[str]:
    if ended.status == HUNG:
        yield "it hung"
    elif ended.status < 0:
        yield f"signal {-ended.status}"
    elif door.kind == "worker":
        yield from _answered(ended)
    else:
        known = _RUNNER if door.kind == "runner" else _TSGEN
        yield from [] if ended.status in known else [f"exit status {ended.status}"]
        yield from _told(ended, is_refusal=ended.status > (1 if door.kind == "runner" else 0))
    if re.search(r"^Traceback|terminate called|Sanitizer", ended.stdout + ended.stderr, re.MULTILINE):
        yield "a traceback"
    if door.kind != "worker" and (obeyed := re.search(r"[\x00-\x08\x0b-\x1f\x7f]", ended.stdout + ended.stderr)):
        yield f"the terminal gets {obeyed[0]!r}"


def _told(ended: Ended, *, is_refusal: bool) -> Iterator[str]:
    errors = re.findall(r"^(?:\S+: )?error: (.*)", ended.stderr, re.MULTILINE)
    hints = re.findall(r"^(?:\S+: )?hint: (.+)", ended.stderr, re.MULTILINE)
    if is_refusal and (len(errors), len(hints)) != (1, 1):
        yield f"{len(errors)} errors, {len(hints)} hints"
    yield from _long(errors)


def _answered(ended: Ended) -> Iterator[str]:
    answer: dict[str, Any] = ended.answer or {}
    if ended.status not in {0, 1} or "ok" not in answer:
        yield f"exit status {ended.status} without an answer"
        return
    error = answer.get("error", {})
    if error.get("kind") == "internal":
        yield f"internal: {error['message'][:200]}"
    elif error and not error["hint"]:
        yield "no hint"
    yield from _long([error.get("message", "")])


def _long(messages: list[str]) -> Iterator[str]:
    yield from (f"a message of {len(each)} characters" for each in messages if len(each) > _LONGEST)


def _may_change(name: str, mutated: str, door: Door) -> bool:
    """A project's commands write into the project alone; a runner and the worker write nothing."""
    own = ("a/place/app/", "a/place/store/", "a/place/exported/") if door.kind in {"tsgen", "process"} else ()
    return name.startswith((mutated, *own)) or "/__pycache__/" in name


def _trusted(app: Path) -> Iterator[str]:
    manifest, lock = app / "model/manifest.json", app / "tsgen.lock"
    vouched = json.loads(manifest.read_bytes())["files"]
    yield from (f"{name} is trusted" for name, sha256 in vouched.items() if _sha256(app / "model" / name) != sha256)
    said = json.loads(lock.read_bytes().removeprefix(b"\xef\xbb\xbf"))["artifact"]
    wanted = {"sha256": app / "model/model.pt", "manifest": manifest}
    yield from (f"{path.name} is trusted" for key, path in wanted.items() if said.get(key) != _sha256(path))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
