"""Ask the worker where eager Python and the exported file part, and for a file whose operators are watched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen.errors import ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.system import codec
from tsgen.types.bisection import Watched
from tsgen.worker.messages.bisection import BisectAnswer, BisectRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import Artifact, Case
    from tsgen.worker.messages import ExportRequest


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
    whole = replace(
        request,
        output=target.folder,
        linked_libraries=tuple(str(path) for path in linked),
        search_path=tuple(str(path) for path in search_path),
    )
    asked = BisectRequest(whole, target.artifact.path, target.case.name, target.artifact.exact, target.case.method)
    answer = codec.value_of(BisectAnswer, ask("bisect", asked, target.folder, interpreter))
    return Watched(
        artifact=_artifact(target, answer.cases),
        dtypes=answer.dtypes,
        operators=answer.operators,
        python=answer.python,
        notes=answer.notes,
    )


def _artifact(target: Target, cases: tuple[Case, ...]) -> Artifact:
    """A sequence, so that each call is made once: what is kept is of the last."""
    return replace(
        target.artifact,
        path=target.folder / manifest.MODEL,
        cases=cases,
        sequence=True,
    )
