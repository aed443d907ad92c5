"""Whether the exported model still is what the request, the sources and the interpreter would give."""

from __future__ import annotations

import os.path
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen.config import relative_to
from tsgen.errors import ExportError, ParityError
from tsgen.model import manifest
from tsgen.system import files, stat_cache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.project.lock import Exported
    from tsgen.types import Artifact
    from tsgen.worker.messages import ExportRequest, InputRequest


# What an export finds out besides the files. A model that an earlier tsgen exported is safe from one thread only.
_FINDS = "writes"
_OF_ONE_RUN = ("output", "linked_libraries", "search_path", "without")
"""Of a request: where things lie, and what ended Python before; that does not make another model of it."""


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """`stale`: why the model must be exported again, or empty. `note`: why that cannot be checked."""

    stale: str = ""
    note: str = ""


def record(request: ExportRequest, sources: list[Path], artifact: Artifact, root: Path) -> Exported:
    """What tsgen.lock keeps of an export: enough to see on any machine that it is out of date."""
    return {
        "sha256": artifact.sha256,
        "manifest": files.sha256(artifact.path.parent / manifest.MANIFEST),
        "torch_version": artifact.torch_version,
        "request": _digest(request, root),
        "finds": _FINDS,
        "sources": {relative_to(path, root): files.sha256(path) for path in sources if path.is_file()},
    }


def freshness(
    request: ExportRequest, locked: Exported, root: Path, folder: Path, torch_version: str | None
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
    known = locked.get("finds") == _FINDS
    found = _sources(locked.get("sources", {}), root) if known else _less_known(torch_version)
    if not found.stale and not found.note and torch_version not in {None, locked.get("torch_version")}:
        return Freshness(stale=f"torch {torch_version} took the place of {locked.get('torch_version')}")
    return found


def _less_known(torch_version: str | None) -> Freshness:
    reason = "an earlier tsgen exported it, and did not look for what forward writes"
    if torch_version:
        return Freshness(stale=reason)
    return Freshness(note=f"{reason}: call the model from one thread, until a Python with torch exports it again")


def is_the_locked_one(folder: Path, locked: Exported) -> bool:
    """Whether the manifest, which vouches for all other files, is what tsgen.lock says was exported."""
    artifact = manifest.read(folder)
    named = (locked.get("manifest"), locked.get("sha256"), locked.get("torch_version"))
    return named == (stat_cache.sha256(folder / manifest.MANIFEST), artifact.sha256, artifact.torch_version)


def require_locked(folder: Path, locked: Exported) -> None:
    """Raises ParityError when the manifest in `folder` is not what was exported: then the cases prove nothing."""
    if not is_the_locked_one(folder, locked):
        raise ParityError(
            "model/manifest.json is not the one that tsgen.lock records, so the cases are not those of the export",
            hint="`tsgen build` exports the model again",
        )


def refuse_when_locked(found: Freshness, *, locked: bool) -> None:
    """Raises ExportError for an export that --locked forbids."""
    if locked:
        raise ExportError(
            f"the model would have to be exported again ({found.stale}), and --locked keeps the one of tsgen.lock",
            hint="`tsgen build` without --locked, and commit model/ and tsgen.lock",
        )


def _sources(recorded: Mapping[str, str], root: Path) -> Freshness:
    paths = {name: Path(os.path.normpath(root / name)) for name in recorded}
    missing = [name for name, path in paths.items() if not path.is_file()]
    changed = [name for name, path in paths.items() if path.is_file() and stat_cache.sha256(path) != recorded[name]]
    if missing and not changed:
        return Freshness(note=f"{missing[0]} is not here: the model that was exported from it is kept")
    return Freshness(stale=f"{changed[0]} changed" if changed else "")


def _digest(request: ExportRequest, root: Path) -> str:
    """The digest, with paths relative to the project, so that clones agree.

    The tolerance counts: candidates are judged by it.
    """
    values = {name: item for name, item in asdict(request).items() if name not in _OF_ONE_RUN}
    values["source"] = {key: _portable(value, root) for key, value in values["source"].items()}
    values["weights"] = _portable(values["weights"], root)
    values["op_libraries"] = [_portable(name, root) for name in values["op_libraries"]]
    file, colon, name = values["preprocess"].rpartition(":")
    values["preprocess"] = f"{_portable(file, root)}{colon}{name}" if colon else name
    return files.digest_of(_as_first_recorded(request, values))


def _as_first_recorded(request: ExportRequest, values: dict[str, Any]) -> dict[str, Any]:
    """In the words of the first tsgen.lock: a field that is renamed or new since makes no committed model stale."""
    values["inputs"] = [_input_as_first_recorded(entry) for entry in request.inputs]
    values["livened"] = values.pop("reinit_weights")
    if request.tune == "none":
        del values["tune"]
    if request.runtime == "torchscript":
        del values["runtime"]
    if not request.packaged:
        del values["packaged"]
    return values


def _input_as_first_recorded(entry: InputRequest) -> dict[str, Any]:
    if entry.is_value:
        return {"name": entry.name, "literal": entry.value}
    shape = [dim if isinstance(dim, int) else {"name": dim, "size": entry.sizes.get(dim)} for dim in entry.shape]
    return {"name": entry.name, "dtype": entry.dtype, "shape": shape}


def _portable(value: str, root: Path) -> str:
    return relative_to(Path(value), root) if Path(value).is_absolute() else value
