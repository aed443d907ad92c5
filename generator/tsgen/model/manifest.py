"""model/manifest.json and model/cases/index.tsv: what the artifact is, for people, for tsgen and for the program."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, get_args

from tsgen import files
from tsgen.errors import ExportError
from tsgen.model.document import check, document_of, signature_of
from tsgen.types import Artifact, Call, Case, OperatorLibrary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tsgen.types import Signature, Tolerance

FORMAT = 2
INDEX_FORMAT = 1
MODEL, MANIFEST, CASES, INDEX, OPERATORS = "model.pt", "manifest.json", "cases", "index.tsv", "ops"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._+-]*")


def artifact_of(response: Mapping[str, Any], folder: Path, *, model: str, sha256: str) -> Artifact:
    """The worker's answer about the files it wrote to `folder`, or the manifest that repeats it, as a value."""
    return Artifact(
        path=folder / MODEL,
        model=model,
        method=response["method"],
        torch_version=response["torch_version"],
        sha256=sha256,
        signature=signature_of(response),
        cases=tuple(Case(**case) for case in response["cases"]),
        exact=response["exact"],
        cpu=response["cpu"],
        parameters=response["parameters"],
        call=response.get("call", "nested"),
        select=tuple(response.get("select", ())),
        engine=response.get("engine", ""),
        sequence=response.get("sequence", False),
        libraries=tuple(OperatorLibrary(**library) for library in response.get("libraries", ())),
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
        "call": artifact.call,
        "select": list(artifact.select),
        "engine": artifact.engine,
        "sequence": artifact.sequence,
        "libraries": [asdict(library) for library in artifact.libraries],
        **document_of(artifact.signature),
        "cases": [_case_document(case) for case in artifact.cases],
        "notes": list(artifact.notes),
        "files": _hashes(folder),
    }
    files.write_text(folder / MANIFEST, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def read(folder: Path) -> Artifact:
    """Raises ExportError when there is no manifest, or it is not ours."""
    document = _document(folder)
    try:
        artifact = artifact_of(document, folder, model=document["model"], sha256=document["files"][MODEL])
        _check(artifact, document["files"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _not_whole(folder, f"{error}") from error
    return artifact


def _check(artifact: Artifact, hashes: Mapping[str, Any]) -> None:
    """Raises TypeError for what is not as `write` writes it; a clone brings somebody's file."""
    check(artifact.signature)
    names = [*(case.name for case in artifact.cases), *(library.file for library in artifact.libraries)]
    texts = [artifact.model, artifact.method, artifact.torch_version, artifact.cpu, artifact.engine, *artifact.notes]
    texts += [*names, *hashes.values(), *(library.namespace for library in artifact.libraries)]
    numbers = [artifact.parameters, *artifact.select, *(case.python_milliseconds for case in artifact.cases)]
    for kind, items in ((str, texts), ((int, float), numbers), (bool, [artifact.exact, artifact.sequence])):
        if wrong := [item for item in items if not isinstance(item, kind)]:
            raise TypeError(f"{wrong[0]!r} is not what was expected there")
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    wrong += [case.method for case in artifact.cases if case.method not in {"", *artifact.signature.methods}]
    if wrong or artifact.call not in get_args(Call):
        raise TypeError(f"{(wrong or [artifact.call])[0]!r} is no name that was expected there")


def write_index(artifact: Artifact, folder: Path, tolerance: Mapping[str, Tolerance]) -> bool:
    """Write cases/index.tsv, the same facts for the program, which has no JSON parser; return whether it changed."""
    signature = artifact.signature
    dtypes = sorted(set(_output_dtypes(signature)).union(*map(_output_dtypes, signature.methods.values())))
    rows = [
        ("tsgen-cases", str(INDEX_FORMAT)),
        ("torch", artifact.torch_version),
        ("cpu", artifact.cpu),
        ("threads", "1"),
        ("exact", "true" if artifact.exact else "false"),
        *([("sequence", "true")] if artifact.sequence else []),
        *(("tolerance", it, repr(tolerance[it].rtol), repr(tolerance[it].atol)) for it in dtypes if it in tolerance),
        *(("case", case.name, case.method) if case.method else ("case", case.name) for case in artifact.cases),
    ]
    return files.write_if_changed(folder / CASES / INDEX, "".join("\t".join(row) + "\n" for row in rows))


def _output_dtypes(signature: Signature) -> Iterable[str]:
    """A number travels as a tensor: float as float64."""
    return (node.dtype or {"float": "float64"}.get(node.kind, "") for node in signature.outputs)


def _case_document(case: Case) -> dict[str, Any]:
    document = {"name": case.name, "python_milliseconds": case.python_milliseconds}
    return {**document, "method": case.method} if case.method else document


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
    operators = (path for path in (folder / OPERATORS).rglob("*") if path.is_file())
    wanted = [folder / MODEL, *sorted(operators), *sorted((folder / CASES).rglob("*.npy"))]
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
