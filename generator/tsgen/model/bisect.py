"""Ask the worker where eager Python and the exported file part, and for a file whose operators are watched."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from tsgen.errors import ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.types import Case
from tsgen.types.bisection import EAGER, EXPORTED, Comparison, Gap, Spot, Watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tsgen.interpreter import Interpreter
    from tsgen.model.export import ExportRequest
    from tsgen.types import Artifact

    Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is watched, and the empty folder for it."""

    artifact: Artifact
    case: Case
    folder: Path


def watch(
    request: ExportRequest,
    interpreter: Interpreter,
    target: Target,
    *,
    search_path: Sequence[Path],
    linked: Sequence[Path],
) -> Watched:
    """Raises ExportError (ConfigError, ToolMissingError) with the worker's own sentence."""
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot run the model",
            hint="name the Python that has it with --python, or `pip install torch`",
        )
    message = {
        "format": 1,
        "action": "bisect",
        **asdict(request),
        "linked_libraries": [str(path) for path in linked],
        "search_path": [str(path) for path in search_path],
        "output": str(target.folder),
        "artifact": str(target.artifact.path),
        "case": target.case.name,
        "case_method": target.case.method,
        "exact": target.artifact.exact,
    }
    answer = ask(message, interpreter)
    return Watched(
        artifact=_artifact(target, answer["cases"]),
        dtypes=tuple(answer["dtypes"]),
        operators=tuple(_spot(each) for each in answer["watched"]),
        python=_comparison(answer["python"]),
        notes=tuple(answer["notes"]),
    )


def _artifact(target: Target, cases: Sequence[Json]) -> Artifact:
    """A sequence, so that each call is made once: what is kept is of the last."""
    return replace(
        target.artifact,
        path=target.folder / manifest.MODEL,
        cases=tuple(Case(**each, python_milliseconds=0) for each in cases),
        sequence=True,
    )


def _comparison(answer: Json) -> Comparison:
    differs = answer["differs"]
    keys = ("max_abs", "mismatches", "expected", "actual")
    return Comparison(
        expected=EAGER,
        actual=EXPORTED,
        operators=answer["operators"],
        before=_spot(answer["before"]) if answer["before"] else None,
        differs=_spot(differs) if differs else None,
        gap=Gap(**{key: differs[key] for key in keys}, index=tuple(differs["index"])) if differs else None,
        lost=answer["lost"],
        answers=answer["answers"],
    )


def _spot(answer: Json) -> Spot:
    return Spot(operator=answer["operator"], source=answer["source"], module=answer["module"])
