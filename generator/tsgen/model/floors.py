"""Ask the worker what eager Python answers in float64 to the cases of an export that was made without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tsgen.errors import ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.system import codec
from tsgen.types import Float64
from tsgen.worker.messages.floors import FloorsAnswer, FloorsRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import Artifact
    from tsgen.worker.messages import ExportRequest


def float64_of(
    request: ExportRequest,
    interpreter: Interpreter,
    artifact: Artifact,
    folder: Path,
    *,
    search_path: Sequence[Path],
    linked: Sequence[Path],
) -> Float64:
    """The answers go to the empty `folder`. Raises ExportError (ConfigError, ToolMissingError) as the worker does."""
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot run the model in float64",
            hint="name the Python that has it with --python, or `pip install torch`",
        )
    whole = replace(
        request,
        output=folder,
        linked_libraries=tuple(str(path) for path in linked),
        search_path=tuple(str(path) for path in search_path),
    )
    asked = FloorsRequest(whole, artifact.path.parent / manifest.CASES)
    answer = codec.value_of(FloorsAnswer, ask("floors", asked, folder, interpreter))
    return Float64(folder=folder, floors=answer.floors)
