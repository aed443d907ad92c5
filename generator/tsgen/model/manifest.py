"""model/manifest.json and model/cases/index.tsv: what the artifact is, for people, for tsgen and for the program."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from tsgen.config.tolerance import deciding
from tsgen.errors import ExportError
from tsgen.model.document import check, check_said
from tsgen.runtimes import RUNTIMES, model_files
from tsgen.system import codec, files, stat_cache
from tsgen.system.names import encode
from tsgen.types import Artifact, Exported
from tsgen.worker.messages import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tsgen.types import Case, Signature, Tolerance

E = TypeVar("E", bound=Exported)

FORMAT = 2
INDEX_FORMAT = 1
MODEL = RUNTIMES["torchscript"].files[0]
MANIFEST, CASES, INDEX, OPERATORS = "manifest.json", "cases", "index.tsv", "ops"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._+-]*")


@dataclass(frozen=True, kw_only=True)
class _Manifest(Exported):
    """manifest.json: the same, of which model, and the sha256 of each file."""

    format: int
    model: str
    files: dict[str, str]


def artifact_of(known: Exported, folder: Path, *, model: str, sha256: str) -> Artifact:
    """The files in `folder` as a value."""
    own = {item.name: getattr(known, item.name) for item in fields(Exported)}
    return Artifact(**own, path=folder / known_by(known), model=model, sha256=sha256)


def known_by(known: Exported) -> str:
    """The name of the file that stands for the model."""
    return RUNTIMES[known.runtime].known_by(packaged=known.packaged)


def value_of(kind: type[E], document: dict[str, Any]) -> E:
    """An answer or a manifest. Raises FormError for another form."""
    try:
        return codec.value_of(kind, joined(document))
    except (KeyError, TypeError) as error:
        codec.value_of(kind, document)  # says what else is wrong
        raise codec.FormError(f"`signature`, `dims` or `methods` is not as it should be: {error}") from error


def write(artifact: Artifact, folder: Path, known: Mapping[str, str] | None = None) -> None:
    """Write manifest.json with the hash of every file of `folder`; it comes last and vouches for the rest.

    `known`: what `hashes` said of them, which takes its time.
    """
    said = artifact.as_json()
    if artifact.runtime == "torchscript":  # as before there was another
        del said["runtime"]
    if not artifact.packaged:
        del said["packaged"]
    document = {
        "format": FORMAT,
        "model": artifact.model,
        **said,
        "cases": [_case_document(case) for case in artifact.cases],
        "files": dict(known or hashes(folder)),
    }
    files.write_text(folder / MANIFEST, codec.text_of(document))


def read(folder: Path) -> Artifact:
    """Raises ExportError when there is no manifest, or it is not ours."""
    document = _document(folder)
    try:
        artifact = artifact_of(
            document, folder, model=document.model, sha256=document.files.get(known_by(document), "")
        )
        _check(artifact)
    except ValueError as error:
        raise _not_whole(folder, f"{error}") from error
    return artifact


def _check(artifact: Artifact) -> None:
    """Raises ValueError for what is not as `write` writes it; a clone brings somebody's file."""
    check(artifact.signature)
    if not artifact.sha256:
        raise ValueError(f"`files` has no `{artifact.path.name}`")
    names = [*(case.name for case in artifact.cases), *(library.file for library in artifact.libraries)]
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    wrong += [case.method for case in artifact.cases if case.method not in {"", *artifact.signature.methods}]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no name that was expected there")


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
        *(
            ("floor", it.method or "forward", encode(it.output), repr(it.floor))
            for it in deciding(artifact.floors, tolerance)
        ),
        *(("case", case.name, case.method) if case.method else ("case", case.name) for case in artifact.cases),
    ]
    return files.write_if_changed(folder / CASES / INDEX, "".join("\t".join(row) + "\n" for row in rows))


def _output_dtypes(signature: Signature) -> Iterable[str]:
    """A number travels as a tensor: float as float64."""
    return (node.dtype or {"float": "float64"}.get(node.kind, "") for node in signature.outputs)


def _case_document(case: Case) -> dict[str, Any]:
    """Without what was measured: the same export gives the same bytes."""
    return {"name": case.name, **({"method": case.method} if case.method else {})}


def changed_files(folder: Path) -> list[str]:
    """The files of `folder` that are missing or not what the manifest vouches for."""
    return [name for name, sha256 in vouched(folder).items() if not _is(folder / name, sha256)]


def obsolete_files(folder: Path, new: Path) -> list[str]:
    """What an earlier export wrote to `folder` and the one in `new` did not; nothing the user put there."""
    try:
        old = set(_document(folder).files)
    except ExportError:
        return []
    return sorted(name for name in old - set(_names(new)) if _is_inside(name))


def _is_inside(name: str) -> bool:
    """A manifest that came with a clone is somebody's text: it must not name what lies elsewhere."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and ":" not in name and "\\" not in name


def hashes(folder: Path) -> dict[str, str]:
    """The sha256 of each file of an export, by its path in `folder`."""
    return {name: files.sha256(folder / name) for name in _names(folder)}


def vouched(folder: Path) -> dict[str, str]:
    """The same, as the manifest has it. Raises ExportError as `read` does."""
    return _document(folder).files


def _names(folder: Path) -> list[str]:
    operators = (path for path in (folder / OPERATORS).rglob("*") if path.is_file())
    wanted = [*model_files(folder), *sorted(operators), *sorted((folder / CASES).rglob("*.npy"))]
    return [path.relative_to(folder).as_posix() for path in wanted]


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and stat_cache.sha256(path) == sha256


def _document(folder: Path) -> _Manifest:
    try:
        raw = codec.parsed((folder / MANIFEST).read_bytes())
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise _not_whole(folder, f"format {FORMAT} was expected")
        document = value_of(_Manifest, raw)
        for sides in (raw["signature"], *raw.get("methods", {}).values()):
            check_said(sides)
    except FileNotFoundError:
        raise ExportError(f"{folder} has no {MANIFEST}: no model was exported", hint="run `tsgen build`") from None
    except ValueError as error:
        raise _not_whole(folder, str(error)) from error
    return document


def _not_whole(folder: Path, why: str) -> ExportError:
    return ExportError(f"{folder / MANIFEST} cannot be used: {why}", hint="delete it and run `tsgen build`")
