"""Ask the worker what is in an exported model."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError, ToolMissingError
from tsgen.model import manifest
from tsgen.model.export import ask
from tsgen.runtimes import RUNTIMES
from tsgen.system import codec
from tsgen.worker.messages.inspection import InspectAnswer, InspectRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsgen.toolchain.interpreter import Interpreter


def artifact_file(place: Path) -> Path:
    """The file that a path means: itself, or what a model is known by in a project's model/ or in that folder.

    Raises ConfigError.
    """
    if not place.exists():
        raise ConfigError(f"{place} does not exist", hint="name a TorchScript file, a project or its model folder")
    if not place.is_dir():
        return place
    for folder in (place / "model", place):
        known = [runtime.known_by(packaged=packaged) for runtime in RUNTIMES.values() for packaged in (False, True)]
        found = [folder / name for name in known if (folder / name).is_file()]
        if found:
            return found[0]
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
