"""What `tsgen inspect` does: look into a file in the model's Python, and draw its graph where it was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tsgen import drawing, files, interpreter
from tsgen.console import note
from tsgen.errors import ExportError
from tsgen.meter import size
from tsgen.model import inspect as looking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tsgen.types.graphs import MethodGraph
    from tsgen.types.inspection import Inspection

    Drawing = Callable[[Sequence[MethodGraph], Inspection], str]


def inspect(
    place: Path,
    python: str | None,
    op_libraries: Sequence[Path] = (),
    *,
    code: bool = False,
    graph: bool = False,
    dot: Path | None = None,
    html: Path | None = None,
) -> Inspection:
    """Of a TorchScript file, or of the project or model folder that has one. Raises ConfigError, ExportError."""
    file = looking.artifact_file(place)
    wanted = {path: draw for path, draw in ((dot, _dot), (html, _html)) if path}
    found, graphs = looking.inspect(
        file, interpreter.find(python), op_libraries, code=code, text=graph, graph=bool(wanted)
    )
    if wanted and not found.loaded:
        note("the graph cannot be drawn: that needs the operators that are missing")
        return found
    return replace(found, drawings=_draw(wanted, graphs, found))


def _draw(wanted: Mapping[Path, Drawing], graphs: Sequence[MethodGraph], found: Inspection) -> tuple[Path, ...]:
    for path, draw in wanted.items():
        with files.writing(path, ExportError, hint="choose another file"):
            files.write_text(path, draw(graphs, found))
    return tuple(wanted)


def _dot(graphs: Sequence[MethodGraph], found: Inspection) -> str:
    return drawing.dot(graphs, found.class_name)


def _html(graphs: Sequence[MethodGraph], found: Inspection) -> str:
    made = found.produced_by
    facts = [
        ("file", f"{found.file.name}, {size(found.bytes)}"),
        ("model", made.model),
        ("exported", " by torch ".join(word for word in (made.method, made.torch_version) if word)),
        ("parameters", f"{found.submodules[0].parameters:,}"),
    ]
    return drawing.page(graphs, found.class_name, [fact for fact in facts if fact[1]])
