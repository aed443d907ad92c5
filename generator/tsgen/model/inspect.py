"""Ask the worker what is in a TorchScript file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError, ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.system import codec
from tsgen.worker.messages.inspection import InspectAnswer, InspectRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsgen.toolchain.interpreter import Interpreter


def artifact_file(place: Path) -> Path:
    """The TorchScript file that a path means: itself, a project's model/model.pt, or the model.pt of that folder.

    Raises ConfigError.
    """
    if not place.exists():
        raise ConfigError(f"{place} does not exist", hint="name a TorchScript file, a project or its model folder")
    if not place.is_dir():
        return place
    candidates = (place / "model" / manifest.MODEL, place / manifest.MODEL)
    for file in candidates:
        if file.is_file():
            return file
    if any((folder / "model.cpp").is_file() for folder in (place / "model", place)):
        raise ConfigError(
            f"{place} holds a model that AOTInductor wrote as C++, which `tsgen inspect` does not know yet",
            hint="read model.cpp, or export it with --runtime torchscript",
        )
    built = (place / "tsgen.toml").is_file()
    raise ConfigError(
        f"{place} holds no {manifest.MODEL}, nor does {place / 'model'}",
        hint=f"`tsgen build {place}` exports it" if built else "name the TorchScript file itself",
    )


def inspect(
    file: Path, interpreter: Interpreter, op_libraries: Sequence[Path], *, code: bool, text: bool, graph: bool
) -> InspectAnswer:
    """`code`, `text` (the graph as torch prints it) and `graph` (as data, to be drawn) are left out unless wanted.

    Raises ExportError (ConfigError, ToolMissingError) with the worker's own sentence.
    """
    if not interpreter.torch:
        raise ToolMissingError(
            f"{interpreter.executable} has no torch, so it cannot look into the file",
            hint="name a Python that has it with --python, or `pip install torch`",
        )
    with tempfile.TemporaryDirectory() as folder:
        request = InspectRequest(file, tuple(map(str, op_libraries)), code, text, graph)
        return codec.value_of(InspectAnswer, ask("inspect", request, Path(folder) / "inspection", interpreter))
