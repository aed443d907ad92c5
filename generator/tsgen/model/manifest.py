"""model/manifest.json and model/cases/index.tsv: what the artifact is, for people, for tsgen and for the program."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tsgen import files
from tsgen.errors import ExportError
from tsgen.types import Artifact, Case, Leaf, Signature

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.types import Tolerance

FORMAT = 1
MODEL, MANIFEST, CASES, INDEX = "model.pt", "manifest.json", "cases", "index.tsv"


def artifact_of(response: Mapping[str, Any], folder: Path, *, model: str, sha256: str) -> Artifact:
    """The worker's answer about the files it wrote to `folder`, or the manifest that repeats it, as a value."""
    return Artifact(
        path=folder / MODEL,
        model=model,
        method=response["method"],
        torch_version=response["torch_version"],
        sha256=sha256,
        signature=_signature(response),
        cases=tuple(Case(**case) for case in response["cases"]),
        exact=response["exact"],
        cpu=response["cpu"],
        parameters=response["parameters"],
        notes=tuple(response.get("notes", ())),
    )


def write(artifact: Artifact, folder: Path) -> None:
    """Write manifest.json with the hash of every file of `folder`; it comes last and vouches for the rest."""
    document = {
        "format": FORMAT,
        "model": artifact.model,
        "method": artifact.method,
        "torch_version": artifact.torch_version,
        "parameters": artifact.parameters,
        "exact": artifact.exact,
        "cpu": artifact.cpu,
        "signature": {
            "inputs": [_leaf_document(leaf) for leaf in artifact.signature.inputs],
            "outputs": [_leaf_document(leaf) for leaf in artifact.signature.outputs],
        },
        "dims": artifact.signature.dims,
        "cases": [{"name": case.name, "python_milliseconds": case.python_milliseconds} for case in artifact.cases],
        "notes": list(artifact.notes),
        "files": _hashes(folder),
    }
    files.write_text(folder / MANIFEST, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def read(folder: Path) -> Artifact:
    """Raises ExportError when there is no manifest, or it is not ours."""
    document = _document(folder)
    try:
        _check(document)
        return artifact_of(document, folder, model=document["model"], sha256=document["files"][MODEL])
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_whole(folder, f"{error}") from error


def _check(document: Mapping[str, Any]) -> None:
    """Raises TypeError or KeyError for what is not as `write` writes it; a clone brings somebody's file."""
    texts = [document[key] for key in ("model", "method", "torch_version", "cpu")]
    texts += [case["name"] for case in document["cases"]] + list(document["notes"]) + list(document["files"].values())
    numbers = [document["parameters"], *(case["python_milliseconds"] for case in document["cases"])]
    numbers += list(document["dims"].values())
    for leaf in (*document["signature"]["inputs"], *document["signature"]["outputs"]):
        texts += [leaf["name"], leaf["dtype"]]
        if not all(isinstance(item, (int, str)) for item in leaf["shape"] or ()):
            raise TypeError(f"the shape of {leaf['name']} is not one")
    for kind, items in ((str, texts), ((int, float), numbers), (bool, [document["exact"]])):
        if wrong := [item for item in items if not isinstance(item, kind)]:
            raise TypeError(f"{wrong[0]!r} is not what was expected there")


def write_index(artifact: Artifact, folder: Path, tolerance: Mapping[str, Tolerance]) -> bool:
    """Write cases/index.tsv, the same facts for the program, which has no JSON parser; return whether it changed."""
    dtypes = sorted({leaf.dtype for leaf in artifact.signature.outputs} & set(tolerance))
    rows = [
        ("tsgen-cases", str(FORMAT)),
        ("torch", artifact.torch_version),
        ("cpu", artifact.cpu),
        ("threads", "1"),
        ("exact", "true" if artifact.exact else "false"),
        *(("tolerance", dtype, repr(tolerance[dtype].rtol), repr(tolerance[dtype].atol)) for dtype in dtypes),
        *(("case", case.name) for case in artifact.cases),
    ]
    return files.write_if_changed(folder / CASES / INDEX, "".join("\t".join(row) + "\n" for row in rows))


def changed_files(folder: Path) -> list[str]:
    """The files of `folder` that are missing or not what the manifest vouches for."""
    known: dict[str, str] = _document(folder).get("files", {})
    return [name for name, sha256 in known.items() if not _is(folder / name, sha256)]


def obsolete_files(folder: Path, new: Path) -> list[str]:
    """What an earlier export wrote to `folder` and the one in `new` did not; nothing the user put there."""
    try:
        old = set(_document(folder).get("files", {}))
    except ExportError:
        return []
    return sorted(name for name in old - set(_hashes(new)) if _is_inside(name))


def _is_inside(name: str) -> bool:
    """A manifest that came with a clone is somebody's text: it must not name what lies elsewhere."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and ":" not in name and "\\" not in name


def _hashes(folder: Path) -> dict[str, str]:
    wanted = [folder / MODEL, *sorted((folder / CASES).rglob("*.npy"))]
    return {path.relative_to(folder).as_posix(): files.sha256(path) for path in wanted}


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and files.sha256(path) == sha256


def _document(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExportError(f"{folder} has no {MANIFEST}: no model was exported", hint="run `tsgen build`") from None
    except ValueError as error:
        raise _not_whole(folder, str(error)) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _not_whole(folder, f"format {FORMAT} was expected")
    return document


def _not_whole(folder: Path, why: str) -> ExportError:
    return ExportError(f"{folder / MANIFEST} cannot be used: {why}", hint="delete it and run `tsgen build`")


def _signature(document: Mapping[str, Any]) -> Signature:
    leaves = document["signature"]
    return Signature(
        inputs=tuple(map(_leaf, leaves["inputs"])), outputs=tuple(map(_leaf, leaves["outputs"])), dims=document["dims"]
    )


def _leaf(document: Mapping[str, Any]) -> Leaf:
    shape = document["shape"]
    return Leaf(name=document["name"], dtype=document["dtype"], shape=None if shape is None else tuple(shape))


def _leaf_document(leaf: Leaf) -> dict[str, Any]:
    return {"name": leaf.name, "dtype": leaf.dtype, "shape": None if leaf.shape is None else list(leaf.shape)}
