"""build/python-times.json: how long eager Python took for each case, on the machine that exported.

What was measured differs at every export, so nothing that is committed may hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen.model import manifest
from tsgen.system import codec, files, stat_cache

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import Artifact

PLACE = "build/python-times.json"


@dataclass(frozen=True, kw_only=True)
class _Times:
    manifest: str
    """The sha256 of the one that they belong to."""
    milliseconds: dict[str, float | None]
    """By the case's name; None for one that was not timed."""


def keep(artifact: Artifact, root: Path) -> None:
    """Keep the times of an export beside the manifest's hash: they are no other export's."""
    times = {case.name: case.python_milliseconds for case in artifact.cases}
    kept = _Times(manifest=files.sha256(artifact.path.parent / manifest.MANIFEST), milliseconds=times)
    files.write_text(root / PLACE, codec.text_of(kept))


def read_project(root: Path) -> Artifact:
    """What `root/model` holds, with Python's times where they are known. Raises ExportError as `manifest.read` does."""
    artifact = manifest.read(root / "model")
    known = codec.read_own(root / PLACE, _Times)
    # None is known of a clone, another machine's export, or a file that was damaged.
    same = known and known.manifest == stat_cache.sha256(root / "model" / manifest.MANIFEST)
    times = known.milliseconds if known and same else {}
    cases = (
        replace(case, python_milliseconds=times.get(case.name, case.python_milliseconds)) for case in artifact.cases
    )
    return replace(artifact, cases=tuple(cases))
