"""What `tsgen inspect` does: look into a file in the model's Python, and draw its graph where it was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tsgen import drawing, operators, runtimes
from tsgen.console import note
from tsgen.errors import ConfigError, ExportError
from tsgen.model import inspect as looking
from tsgen.project import user_presets
from tsgen.system import files
from tsgen.toolchain import interpreter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tsgen.worker.messages.inspection import Inspection

COMPILED = ".cpp"
"""Of a model that AOTInductor wrote."""


def inspect(
    place: Path,
    python: str | None,
    op_libraries: Sequence[Path] = (),
    *,
    code: bool = False,
    graph: bool = False,
    dot: Path | None = None,
) -> Inspection:
    """What is in an exported model: in `place` itself, or in the project or model folder that it is.

    Raises ConfigError where no such file is, ExportError where torch cannot read it or `dot` cannot be written.
    """
    file = looking.artifact_file(place)
    if file.name == runtimes.PACKAGED:
        raise ConfigError(
            f"{file} is a library that the export compiled (--packaged), which `tsgen inspect` does not read yet",
            hint="export it without --packaged, or read its signature: readelf -p .tsgen model/model.so",
        )
    if file.suffix == COMPILED and (graph or dot):
        raise ConfigError(
            f"{file} is C++ and has no graph of TorchScript's: --graph and --graph-dot are for model.pt",
            hint="--code prints the C++; or export the model with --runtime torchscript",
        )
    root = operators.owner(file)
    remembered = user_presets.read_choices(root).get("python") if root else None
    answer = looking.inspect(
        file,
        interpreter.find(python, remembered),
        [*op_libraries, *_of_the_project(root, op_libraries)],
        code=code,
        text=graph,
        graph=dot is not None,
    )
    found = answer.inspection
    if dot is None:
        return found
    if not found.loaded:
        note("the graph cannot be drawn: that needs the operators that are missing")
        return found
    with files.writing(dot, ExportError, hint="choose another file"):
        files.write_text(dot, drawing.dot(answer.graphs, found.class_name))
    return replace(found, drawings=(dot,))


def _of_the_project(root: Path | None, named: Sequence[Path]) -> list[Path]:
    """What `tsgen build` has Python load besides: the project's own operators. Registered twice, torch refuses them."""
    if not root or not operators.sources(root):
        return []
    built = operators.built(root)
    if not built:
        note(f"the operators in {root / 'ops'} are not compiled: `tsgen build {root}` does that")
    return [library for library in built if library.name not in {path.name for path in named}]
