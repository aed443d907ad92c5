"""Whether the exported model still is what the request, the sources and the interpreter would give."""

from __future__ import annotations

import os.path
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen import files
from tsgen.config import relative_to
from tsgen.errors import ExportError
from tsgen.model import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.model.export import ExportRequest
    from tsgen.types import Artifact


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`stale`: why the model must be exported again, or empty. `note`: why that cannot be checked."""

    stale: str = ""
    note: str = ""


def record(request: ExportRequest, sources: list[Path], artifact: Artifact, root: Path) -> dict[str, Any]:
    """What tsgen.lock keeps of an export: enough to see on any machine that it is out of date."""
    return {
        "sha256": artifact.sha256,
        "manifest": files.sha256(artifact.path.parent / manifest.MANIFEST),
        "torch_version": artifact.torch_version,
        "request": _digest(request, root),
        "sources": {relative_to(path, root): files.sha256(path) for path in sources if path.is_file()},
    }


def freshness(
    request: ExportRequest, locked: Mapping[str, Any], root: Path, folder: Path, torch_version: str | None
) -> Freshness:
    """Compare with what tsgen.lock recorded. `torch_version` is the interpreter's, None when it has no torch."""
    try:
        if not is_the_locked_one(folder, locked):
            return Freshness(stale=f"{manifest.MANIFEST} is not the one of tsgen.lock")
        if changed := manifest.changed_files(folder):
            return Freshness(stale=f"{changed[0]} changed")
    except ExportError:
        return Freshness(stale="nothing was exported yet")
    if locked.get("request") != _digest(request, root):
        return Freshness(stale="the request changed")
    found = _sources(locked.get("sources", {}), root)
    if not found.stale and not found.note and torch_version not in {None, locked.get("torch_version")}:
        return Freshness(stale=f"torch {torch_version} took the place of {locked.get('torch_version')}")
    return found


def is_the_locked_one(folder: Path, locked: Mapping[str, Any]) -> bool:
    """Whether the manifest, which vouches for all other files, is what tsgen.lock says was exported."""
    artifact = manifest.read(folder)
    named = (locked.get("manifest"), locked.get("sha256"), locked.get("torch_version"))
    return named == (files.sha256(folder / manifest.MANIFEST), artifact.sha256, artifact.torch_version)


def _sources(recorded: Mapping[str, str], root: Path) -> Freshness:
    paths = {name: Path(os.path.normpath(root / name)) for name in recorded}
    missing = [name for name, path in paths.items() if not path.is_file()]
    changed = [name for name, path in paths.items() if path.is_file() and files.sha256(path) != recorded[name]]
    if missing and not changed:
        return Freshness(note=f"{missing[0]} is not here: the model that was exported from it is kept")
    return Freshness(stale=f"{changed[0]} changed" if changed else "")


def _digest(request: ExportRequest, root: Path) -> str:
    """With paths relative to the project, so that clones agree. The tolerance counts: candidates are judged by it."""
    values = asdict(request)
    values["source"] = {key: _portable(value, root) for key, value in values["source"].items()}
    values["weights"] = _portable(values["weights"], root)
    values["op_libraries"] = [_portable(name, root) for name in values["op_libraries"]]
    file, colon, name = values["preprocess"].rpartition(":")
    values["preprocess"] = f"{_portable(file, root)}{colon}{name}" if colon else name
    return files.digest_of(values)


def _portable(value: str, root: Path) -> str:
    return relative_to(Path(value), root) if Path(value).is_absolute() else value
